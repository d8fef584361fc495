import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { shopTopicNames } from '@shop/common';
import { readCompose } from '@shop/local';
import { parse as parseDotenv } from 'dotenv';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { everyService, readTopicTable } from '../contract/topic-table.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(checkout, file), 'utf8');
const packageJson = z
  .object({ engines: z.object({ node: z.string() }), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
const variables = parseDotenv(read('.env'));

/** The oldest major release of Node that package.json allows. */
const oldestNode = Number(/^>=(\d+)\./.exec(packageJson.engines.node)?.[1]);
/** The one of the images. */
const imageNode = Number.parseInt(variables['NODE_TAG'] ?? '', 10);

/** The scripts that shell commands run by npm. */
const namedScripts = (command: string): string[] =>
  [...command.matchAll(/\bnpm (?:run ([\w:-]*\w)|(start|test)\b)/g)].map(([, script, short]) => script ?? short ?? '');

const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      'timeout-minutes': z.number(),
      strategy: z
        .object({ matrix: z.object({ include: z.array(z.object({ node: z.number(), java: z.number() })) }) })
        .optional(),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});

test('continuous integration runs npm test on every supported Node, and docker compose', () => {
  const { jobs } = workflow.parse(parseYaml(read('.github/workflows/ci.yml')));
  const { test: matrixJob, compose } = jobs;
  const matrix = matrixJob?.strategy?.matrix.include ?? [];
  const nodes = matrix.map(({ node }) => node);
  assert.deepEqual(nodes, [20, 22, 24]);
  assert.ok(nodes.includes(oldestNode), `the oldest Node of package.json (${packageJson.engines.node})`);
  assert.ok(nodes.includes(imageNode), `the Node of the images (${imageNode})`);
  assert.ok(
    matrix.some(({ java }) => java === 17),
    'the oldest Java',
  );
  const commands = (job = matrixJob) => job?.steps.flatMap(({ run }) => run ?? []) ?? [];
  assert.deepEqual(commands().flatMap(namedScripts), ['test']);
  assert.deepEqual(commands(compose).flatMap(namedScripts), ['test:compose']);
});

test('what the workflow and the devcontainer run are scripts of package.json', () => {
  for (const file of ['.github/workflows/ci.yml', '.devcontainer/devcontainer.json'])
    for (const script of namedScripts(read(file)))
      assert.ok(script in packageJson.scripts, `${file}: package.json has no script ${script}`);
});

test('the devcontainer has Node, Java and Maven, forwards the page and names the next step', () => {
  const container = z
    .object({
      image: z.string(),
      features: z.record(z.string(), z.object({ version: z.string(), installMaven: z.literal('true') })),
      forwardPorts: z.array(z.number()),
      postAttachCommand: z.string(),
    })
    .parse(JSON.parse(read('.devcontainer/devcontainer.json')));
  assert.equal(Number(/:(\d+)/.exec(container.image)?.[1]), imageNode);
  const java = container.features['ghcr.io/devcontainers/features/java:1'];
  assert.ok(Number(java?.version) >= 17);
  assert.deepEqual(container.forwardPorts, [Number(variables['PAGE_PORT'])]);
  assert.match(container.postAttachCommand, /npm start/);
});

test('Dependabot looks where the dependencies are declared', () => {
  const { updates } = z
    .object({
      version: z.literal(2),
      updates: z.array(
        z.object({
          'package-ecosystem': z.string(),
          directory: z.string().optional(),
          directories: z.array(z.string()).optional(),
        }),
      ),
    })
    .parse(parseYaml(read('.github/dependabot.yml')));
  const manifests: Record<string, string> = {
    npm: 'package-lock.json',
    maven: 'pom.xml',
    'github-actions': '.github/workflows',
  };
  for (const { 'package-ecosystem': ecosystem, directory, directories = [] } of updates)
    for (const folder of [...directories, ...(directory ? [directory] : [])])
      assert.ok(existsSync(path.join(checkout, folder, manifests[ecosystem] ?? '?')), `${ecosystem}: ${folder}`);
});

test('docker-compose.yml begins with every topic of the shop, and names only its services', () => {
  const compose = read('docker-compose.yml');
  const { services } = z
    .object({ services: z.record(z.string(), z.unknown()) })
    .parse(parseYaml(compose, { merge: true }));
  const rows = readTopicTable(compose);
  assert.deepEqual(rows.map(({ topic }) => topic).toSorted(), shopTopicNames.toSorted());
  for (const name of rows.flatMap(({ writers, readers }) => [...writers, ...readers]))
    assert.ok(name in services || name === everyService, name);
});

test('no service of docker-compose.yml depends on shipping-service, so another one can take its place', () => {
  for (const { name, dependsOn } of readCompose(checkout, {}).services.values())
    assert.ok(!dependsOn.includes('shipping-service'), name);
});
