import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findJava, readJavaRelease } from '../../src/java/find-java.ts';

test('reads the release from java -version', () => {
  assert.equal(readJavaRelease('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime …'), 17);
  assert.equal(readJavaRelease('openjdk version "25" 2025-09-16'), 25);
  assert.equal(readJavaRelease('java version "1.8.0_392"'), 8);
  assert.equal(readJavaRelease('Unable to locate a Java Runtime.'), undefined);
});

test('says what to install when there is no Java', async () => {
  await assert.rejects(findJava({ PATH: '/none' }), /no working Java in PATH.*Java 17 or later/);
  await assert.rejects(findJava({ JAVA_HOME: '/none', PATH: '/usr/bin:/bin' }), /JAVA_HOME, which is \/none/);
});
