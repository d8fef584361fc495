import assert from 'node:assert/strict';
import type { Container } from './start-compose.ts';

/** The containers that are not Node services of the shop. */
const foundations = ['postgres_start', 'kafka', 'connect', 'ksqldb'];
const isOurs = ({ service }: Container) => !foundations.includes(service);

/** Checks that every container runs as an unprivileged user, and the Node services on a read-only root file system. */
export function checkContainers(containers: readonly Container[]): void {
  assert.ok(containers.filter(isOurs).length >= 8);
  for (const container of containers) {
    const { service, Config: config, HostConfig: host, State: state } = container;
    assert.equal(state.Health?.Status, 'healthy', service);
    assert.match(config.User, /^(?!root|0$)./, `${service} runs as its own user`);
    assert.deepEqual(host.SecurityOpt, ['no-new-privileges:true'], service);
    assert.ok(host.Memory > 0, `${service} has a memory limit`);
    assert.ok(host.LogConfig.Config['max-size'] && host.LogConfig.Config['max-file'], `${service} rotates its log`);
    if (!isOurs(container)) continue;
    assert.equal(config.User, 'node', service);
    assert.equal(host.ReadonlyRootfs, true, service);
    assert.deepEqual(host.CapDrop, ['ALL'], service);
    assert.equal(host.Init, true, service);
  }
}

/** Checks that no container ended and was restarted by the engine. */
export function checkRestarts(containers: readonly Container[]): void {
  for (const { service, RestartCount: restarts } of containers) assert.equal(restarts, 0, `${service}: restarts`);
}

/** Java processes exit with 143 on SIGTERM. */
const terminated = ['kafka', 'connect', 'ksqldb'];

/** Checks that every stopped container ended by itself within the grace time. */
export function checkExits(containers: readonly Container[]): void {
  for (const { service, State: state } of containers) {
    assert.equal(state.Status, 'exited', service);
    assert.equal(state.OOMKilled, false, `${service} had enough memory`);
    assert.equal(state.ExitCode, terminated.includes(service) ? 143 : 0, `${service}: exit code`);
  }
}
