import type { Client, PoolClient } from 'pg';

/** A node of a plan, in the form of EXPLAIN (FORMAT JSON). */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

interface SeenPlan {
  query: string;
  root: PlanNode;
  /** The root and all nodes below it. */
  nodes: PlanNode[];
  /** Pages of 8 KiB that the statement read. */
  pages: number;
}

/** Collects the plan of every statement that this connection runs from now on. The connection must be a superuser's. */
export async function watchPlans(client: Client | PoolClient): Promise<SeenPlan[]> {
  const plans: SeenPlan[] = [];
  client.on('notice', ({ message }) => {
    const json = /plan:\s*(\{.*\})\s*$/s.exec(message ?? '')?.[1];
    if (json === undefined) return;
    const { 'Query Text': query, Plan: root } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode };
    const pages = (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);
    plans.push({ query, root, nodes: flatten(root), pages });
  });
  await client.query(`
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0;
    SET auto_explain.log_analyze = on;
    SET auto_explain.log_buffers = on;
    SET auto_explain.log_format = json;
    SET client_min_messages = log;`);
  return plans;
}

const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
