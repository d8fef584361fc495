import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDownloadProgress } from '../../src/java/download-progress.ts';

const downloaded = (size: string) =>
  `[INFO] Downloaded from central: https://repo.example/kafka_2.13-4.3.1.jar (${size} at 11 MB/s)`;

test('the progress grows with every downloaded file', () => {
  const { read } = createDownloadProgress('Kafka 4.3.1', 50);
  assert.equal(read('[INFO] Downloading from central: https://repo.example/kafka_2.13-4.3.1.jar'), undefined);
  assert.equal(
    read(downloaded('12.5 MB')),
    'fetching Kafka 4.3.1 with Maven  ██████░░░░░░░░░░░░░░░░░░  13 of about 50 MB',
  );
  assert.match(read(downloaded('500 kB')) ?? '', /13 of about 50 MB/);
  assert.match(read(downloaded('1.2 GB')) ?? '', /█{24} {2}1213 of about 50 MB/);
});
