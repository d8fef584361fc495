import { Document, isScalar, visit } from 'yaml';

const head = ` Written by \`npm run contract\` from common/src/contracts, the first lines of docker-compose.yml and test/contract/examples.json.
 Change those instead.`;

/** The text of docs/contract/asyncapi.yaml. */
export function toYaml(contract: object): string {
  // YAML 1.1 would read a time without quotes as a date.
  const document = new Document(contract, { aliasDuplicateObjects: false, schema: 'yaml-1.1' });
  document.commentBefore = head;
  // References, lists of words and other short values take one line.
  visit(document, {
    Map(_, node) {
      node.flow = node.items.length <= 1 && node.items.every(({ value }) => isShort(value));
    },
    Seq(_, node) {
      node.flow = node.items.every(isShort);
    },
  });
  return document.toString({ lineWidth: 120 });
}

const isShort = (node: unknown) => isScalar(node) && String(node.value).length < 60;
