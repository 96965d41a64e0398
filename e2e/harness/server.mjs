// The program under test, as a person would start it: one demonstration is built and kept aside, and every
// story gets a copy of it with a server of its own, so that no story sees what another one did.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PROGRAM = process.env.MELEK_PROGRAM ?? resolve(import.meta.dirname, '../../target/debug/melek');
const PEOPLE = 120;
const PATIENCE_MS = 60_000;

/** Builds the demonstration once; `signIns` are those that it prints. */
export async function buildDemonstration() {
  const folder = await mkdtemp(join(tmpdir(), 'melek-stories-'));
  const data = join(folder, 'demonstration');
  const port = await freePort();
  const options = ['--data', data, '--port', String(port), '--people', String(PEOPLE), '--json'];
  const server = start(['demo', ...options], port);
  const said = await within(server, server.firstJson, 'print its sign-ins');
  await answers(server);
  await server.stop();
  let copies = 0;
  return {
    signIns: said.sign_ins,
    /** A server on a fresh copy of the demonstration. */
    async serve() {
      copies += 1;
      const copy = join(folder, `copy-${copies}`);
      await cp(data, copy, { recursive: true });
      const copyPort = await freePort();
      const copyServer = start(['serve', '--data', copy, '--port', String(copyPort)], copyPort);
      await answers(copyServer);
      return {
        address: copyServer.address,
        async stop() {
          await copyServer.stop();
          await rm(copy, { recursive: true, force: true });
        },
        complaints: copyServer.complaints,
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A server that shows these item files to whoever writes them. */
export async function preview(folder) {
  const port = await freePort();
  const server = start(['items', 'preview', folder, '--port', String(port)], port);
  await answers(server);
  return server;
}

function start(words, port) {
  const child = spawn(PROGRAM, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => {
    child.once('exit', done);
    child.once('error', done);
  });
  let errors = '';
  child.stderr.on('data', (text) => { errors = (errors + text).slice(-20_000); });
  return {
    address: `http://127.0.0.1:${port}`,
    command: ['melek', ...words].join(' '),
    firstJson: firstJson(child.stdout),
    ended,
    /** What it said beyond its account of requests. */
    complaints: () => errors.split('\n').filter((line) => !line.includes('"level":"INFO"')).join('\n'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The first line of this output that is a JSON object, or the first object over several lines. */
function firstJson(output) {
  let text = '';
  return new Promise((found) => {
    output.setEncoding('utf8');
    output.on('data', (more) => {
      text += more;
      const from = text.search(/^\{/m);
      const lines = from < 0 ? [] : text.slice(from).split('\n');
      for (let end = 1; end <= lines.length; end += 1) {
        try {
          found(JSON.parse(lines.slice(0, end).join('\n')));
        } catch {
          // Not complete yet.
        }
      }
    });
  });
}

/** Waits until the server answers that it is well. */
async function answers(server) {
  const well = async () => {
    for (;;) {
      try {
        const answer = await fetch(`${server.address}/healthz`);
        if (answer.ok) return;
      } catch {
        // Not listening yet.
      }
      await pause(50);
    }
  };
  await within(server, well(), 'answer');
}

async function within(server, promise, what) {
  const late = pause(PATIENCE_MS, undefined, { ref: false }).then(() => 'took too long');
  const fails = Promise.race([late, server.ended.then((code) => `ended (${code})`)]);
  const outcome = await Promise.race([promise.then((value) => ({ value })), fails]);
  if (typeof outcome === 'string') {
    await server.stop();
    throw new Error(`${server.command} did not ${what}: it ${outcome}\n${server.complaints()}`);
  }
  return outcome.value;
}

function freePort() {
  return new Promise((found, failed) => {
    const listener = createServer().once('error', failed);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => found(port));
    });
  });
}
