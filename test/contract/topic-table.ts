/** Who writes and who reads a topic, by their names in docker-compose.yml. */
export interface TopicUsers {
  topic: string;
  writers: string[];
  readers: string[];
}

/** Stands for all services that the project builds. */
export const everyService = 'every service';

/** Reads the table in the first lines of docker-compose.yml. */
export const readTopicTable = (compose: string): TopicUsers[] =>
  [...compose.matchAll(/^# ([\w.]+) {2,}(\S.*?) {2,}(\S.*)$/gm)]
    .map(([, topic = '', writers = '', readers = '']) => ({
      topic,
      writers: writers.split(', '),
      readers: readers.split(', '),
    }))
    .filter(({ topic }) => topic !== 'topic');
