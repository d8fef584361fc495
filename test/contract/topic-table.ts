/** Who writes and who reads a topic, by their names in docker-compose.yml. */
export interface TopicUsers {
  topic: string;
  writers: string[];
  readers: string[];
}

/** Stands for all services that the project builds. */
export const everyService = 'every service';

/**
 * Reads the table in the first lines of docker-compose.yml, which ends with an empty line.
 *
 * @throws when a row has no three columns, two or more spaces apart
 */
export function readTopicTable(compose: string): TopicUsers[] {
  const [table = ''] = compose.split(/^# topic .*\n/m).slice(1);
  const [rows = ''] = table.split(/^#\n/m);
  return rows
    .trimEnd()
    .split('\n')
    .map((row) => {
      const [topic, writers, readers] = row.slice(2).split(/ {2,}/);
      if (!topic || !writers || !readers)
        throw new Error(`docker-compose.yml: ${row}: expected topic, writers and readers, two or more spaces apart`);
      return { topic, writers: writers.split(', '), readers: readers.split(', ') };
    });
}
