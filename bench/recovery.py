#!/usr/bin/env python3
"""How long a server takes to come back, to catch up and to join, beside Redis, in one run on this machine.

  recovery.py                     everything, with 1,000,000 keys and writes
  recovery.py --writes 200000     smaller
  recovery.py --only away join    some parts of: restart away copy join disk

Run it from the project's root after `dotnet build -c Release`. Three durable servers (--fsync always); the load
comes from loadgen.c beside this file, compiled on first use. What counts, on a busy machine, are the ratios.

  restart   kill -9 a server with so many keys; from its start to its first reply
  away      kill -9 one of three, make so many writes and a tenth as many deletes, start it again; until it has
            what the others had when it started, and what the others' rate is meanwhile
  copy      the same, when the log (--retain) does not reach back so far: a copy of the state
  join      a new server joins
  disk      bytes on disk after ten times as many overwrites of 100,000 keys
Redis: a replica that is stopped, so many writes, started again with a backlog that reaches back.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
DLL = 'src/CausalStore.Server/bin/Release/net10.0/CausalStore.Server.dll'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def generator(scratch):
    program = scratch / 'loadgen'
    subprocess.run(['cc', '-O2', '-o', str(program), str(HERE / 'loadgen.c')], check=True)
    return program


class Lines:
    """A connection that asks and reads lines."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=60)
        self.file = self.socket.makefile('rb')

    def ask(self, line):
        self.socket.sendall(line.encode() + b'\n')
        return self.file.readline().decode().rstrip('\n')

    def status(self):
        self.socket.sendall(b'status\n')
        answer = {}
        while not (line := self.file.readline().decode().rstrip('\n')).startswith('end '):
            name, _, value = line.partition(' ')
            answer[name] = value
        return answer


class Server:
    def __init__(self, scratch, number, peers, *options):
        self.number, self.port, self.directory = number, free_port(), scratch / f'server-{number}'
        self.command = ['dotnet', DLL, '--port', str(self.port), '--id', str(number), '--quiet',
                        '--data', str(self.directory), *options]
        if peers:
            self.command += ['--peers', *(str(peer.port) for peer in peers)]
        self.process = None

    def start(self):
        began = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        self.wait(lambda: Lines(self.port).ask('ping') == 'pong')
        return time.monotonic() - began

    def wait(self, is_so, seconds=300, pause=0.01):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                sys.exit(f'server {self.number} has ended')
            try:
                if is_so():
                    return
            except OSError:
                pass
            time.sleep(pause)
        sys.exit(f'server {self.number} does not get there in {seconds} s')

    def serve(self):
        self.wait(lambda: Lines(self.port).status()['state'] == 'serving')

    def first_read(self):
        self.wait(lambda: not Lines(self.port).ask('read key:000000000001').startswith('error'))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def size(self):
        return sum(file.stat().st_size for file in self.directory.iterdir())


def watermarks(status):
    marks = {}
    for entry in status['applied'].split(','):
        if entry.startswith('..'):
            timestamp, _, origin = entry[2:].partition('@')
            marks[origin] = int(timestamp)
    return marks


def has(status, goal):
    marks = watermarks(status)
    return all(marks.get(origin, 0) >= timestamp for origin, timestamp in goal.items())


def load(program, port, operations, *options, **more):
    command = [str(program), '--port', str(port), '--depth', '16', '--operations', str(operations), *options]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, **more)
    return json.loads(answer.stdout)


def delete_some(port, count):
    with socket.create_connection(('127.0.0.1', port)) as connection:
        file = connection.makefile('rb')
        for first in range(0, count, 1000):
            keys = range(first, min(first + 1000, count))
            connection.sendall(b''.join(b'delete key:%012d\n' % (key * 7) for key in keys))
            for _ in keys:
                file.readline()


def cluster(scratch, *options):
    servers = []
    for number in (1, 2, 3):
        servers.append(Server(scratch, number, servers, *options))
        servers[-1].start()
    for server in servers:
        server.serve()
    return servers


def stop(servers):
    for server in servers:
        if server.process and server.process.poll() is None:
            server.kill()


def busy(program, port):
    command = [str(program), '--port', str(port), '--depth', '16', '--operations', '1000000000', '--seconds', '2']
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)['operations_per_second']


def absence(options, program, scratch, name, *server_options):
    servers = cluster(scratch, *server_options)
    one, late = servers[0], servers[2]
    load(program, one.port, options.writes // 10)
    before = busy(program, one.port)
    late.wait(lambda: has(Lines(late.port).status(), watermarks(Lines(one.port).status())))
    late.kill()
    load(program, one.port, options.writes, '--keys', str(options.writes))
    delete_some(one.port, options.writes // 10)
    goal = watermarks(Lines(one.port).status())
    began = time.monotonic()
    late.process = subprocess.Popen(late.command, stdout=subprocess.DEVNULL)
    writer = subprocess.Popen([str(program), '--port', str(one.port), '--depth', '16', '--operations', '1000000000',
                               '--seconds', '2'], stdout=subprocess.PIPE, text=True)
    late.wait(lambda: has(Lines(late.port).status(), goal))
    seconds = time.monotonic() - began
    meanwhile = json.loads(writer.communicate()[0])['operations_per_second']
    stop(servers)
    print(f'{name}: {options.writes:,} writes and {options.writes // 10:,} deletes behind, equal after '
          f'{seconds:.2f} s; the rate at server 1 meanwhile {meanwhile / before:.2f} of before', flush=True)
    return seconds


def joining(options, program, scratch):
    servers = cluster(scratch)
    load(program, servers[0].port, options.writes, '--keys', str(options.writes), '--distribution', 'sequential')
    newcomer = Server(scratch, 4, servers[:1])
    began = time.monotonic()
    newcomer.process = subprocess.Popen(newcomer.command, stdout=subprocess.DEVNULL)
    newcomer.serve()
    seconds = time.monotonic() - began
    stop([*servers, newcomer])
    print(f'join: a fourth server has {options.writes:,} keys and serves after {seconds:.2f} s', flush=True)


def restarting(options, program, scratch):
    server = Server(scratch, 1, [])
    server.start()
    load(program, server.port, options.writes, '--keys', str(options.writes), '--distribution', 'sequential')
    server.kill()
    began = time.monotonic()
    server.process = subprocess.Popen(server.command, stdout=subprocess.DEVNULL)
    server.first_read()
    after_kill = time.monotonic() - began
    server.process.send_signal(signal.SIGTERM)
    server.process.wait()
    began = time.monotonic()
    server.process = subprocess.Popen(server.command, stdout=subprocess.DEVNULL)
    server.first_read()
    after_stop = time.monotonic() - began
    stop([server])
    print(f'restart: {options.writes:,} keys, first read {after_kill:.2f} s after kill -9 and start, '
          f'{after_stop:.2f} s after a clean stop and start', flush=True)


def disk_use(options, program, scratch):
    server = Server(scratch, 1, [], '--retain', str(16 << 20))
    server.start()
    load(program, server.port, options.writes * 10, '--keys', '100000')
    time.sleep(5)
    size = server.size()
    stop([server])
    live = 100_000 * 32
    print(f'disk: {size / 1e6:.0f} MB after {options.writes * 10:,} overwrites of 100,000 keys ({live / 1e6:.1f} MB of '
          f'keys and values), --retain 16 MiB: bound {(3 * live + (80 << 20)) / 1e6:.0f} MB', flush=True)


def redis(options, program, scratch):
    if shutil.which('redis-server') is None:
        print('redis: not installed')
        return None
    ports = free_port(), free_port()

    def start(port, *more):
        directory = scratch / f'redis-{port}'
        directory.mkdir(exist_ok=True)
        process = subprocess.Popen(['redis-server', '--port', str(port), '--save', '', '--appendonly', 'yes',
                                    '--appendfsync', 'always', '--dir', str(directory), '--repl-diskless-sync-delay',
                                    '0', '--repl-backlog-size', '1gb', *more], stdout=subprocess.DEVNULL)
        while subprocess.run(['redis-cli', '-p', str(port), 'ping'], capture_output=True).stdout != b'PONG\n':
            time.sleep(0.01)
        return process

    def info(port):
        answer = subprocess.run(['redis-cli', '-p', str(port), 'info', 'replication'], capture_output=True, text=True)
        return dict(line.split(':', 1) for line in answer.stdout.split() if ':' in line)

    def offset(port):
        return int(info(port).get('slave_repl_offset', info(port).get('master_repl_offset', 0)))

    master = start(ports[0])
    replica = start(ports[1], '--replicaof', f'127.0.0.1 {ports[0]}')
    while info(ports[1]).get('master_link_status') != 'up':
        time.sleep(0.05)
    load(program, ports[0], options.writes // 10, '--format', 'resp')
    replica.terminate()
    replica.wait()
    load(program, ports[0], options.writes, '--keys', str(options.writes), '--format', 'resp')
    goal = offset(ports[0])
    began = time.monotonic()
    replica = start(ports[1], '--replicaof', f'127.0.0.1 {ports[0]}')
    while info(ports[1]).get('master_link_status') != 'up' or offset(ports[1]) < goal:
        time.sleep(0.02)
    seconds = time.monotonic() - began
    for process in (replica, master):
        process.kill()
        process.wait()
    print(f'redis: a replica {options.writes:,} writes behind is equal after {seconds:.2f} s', flush=True)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--writes', type=int, default=1_000_000)
    parser.add_argument('--only', nargs='+', choices=['restart', 'away', 'copy', 'join', 'disk'],
                        default=['restart', 'away', 'copy', 'join', 'disk'])
    options = parser.parse_args()
    if not os.path.exists(DLL):
        sys.exit(f'{DLL} is not there: run `dotnet build -c Release` in the root first')
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        program = generator(scratch)

        def place(name):
            (scratch / name).mkdir()
            return scratch / name

        if 'restart' in options.only:
            restarting(options, program, place('restart'))
        if 'away' in options.only:
            ours = absence(options, program, place('away'), 'away')
            theirs = redis(options, program, place('redis'))
            if theirs:
                print(f'away, of Redis: {ours / theirs:.1f} times')
        if 'copy' in options.only:
            absence(options, program, place('copy'), 'copy', '--retain', str(4 << 20))
        if 'join' in options.only:
            joining(options, program, place('join'))
        if 'disk' in options.only:
            disk_use(options, program, place('disk'))


if __name__ == '__main__':
    main()
