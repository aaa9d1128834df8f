# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs as their user has them: a simulated ledger, a store of its own, companies connected."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request

PROGRAM = os.environ['LEDGERDECK_PROGRAM']
SIMULATOR = os.environ['SIMULATOR_PROGRAM']
SOURCE = os.environ['SOURCE_DIR']

failures = 0


def complain(text):
    global failures
    failures += 1
    print(text)


def expect(what, is_so, *details):
    if not is_so:
        complain('%s: expected otherwise' % what)
        for detail in details:
            print('    %s' % (detail,))
    return is_so


def end():
    print('%d failures' % failures)
    sys.exit(1 if failures else 0)


class Result:
    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    def json(self):
        return json.loads(self.out)

    def must(self, code=0):
        expect('ledgerdeck %s ends with %d' % (' '.join(self.words), code), self.code == code, self.code, self.err[-1000:])
        return self


class Books:
    """`with Books() as books`: everything ends and is removed at the end."""

    def __init__(self, *simulator_options):
        self.options = simulator_options
        self.simulator = None
        self.url = None
        self.advice = '' # what `connect` said before it showed the address

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='ledgerdeck-test-')
        self.home = os.path.join(self.directory, 'home')
        self.here = os.path.join(self.directory, 'here')
        os.makedirs(self.home, 0o700)
        os.makedirs(self.here, 0o700)
        # Nothing of the person who runs the test: neither settings nor proxies.
        self.environment = {'PATH': os.environ['PATH'], 'HOME': self.home, 'LC_ALL': 'C.UTF-8', 'USER': 'tester',
                            'no_proxy': '*'}
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS', 'LSAN_OPTIONS'):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        return self

    def __exit__(self, *ignored):
        self.stop_simulator()
        shutil.rmtree(self.directory)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    # ---- the ledger

    def start_simulator(self):
        words = [SIMULATOR, '--port', '0', '--exit-with-parent=%d' % os.getpid(), '--auto-consent'] + list(self.options)
        self.simulator = subprocess.Popen(words, stdout=subprocess.PIPE, encoding='utf-8')
        line = self.simulator.stdout.readline()
        self.url = line.split()[-1]
        assert self.url.startswith('http://127.0.0.1:'), line
        self.environment['LEDGERDECK__QUICKBOOKS__LOCAL_ADDRESS'] = self.url
        self.environment['LEDGERDECK__QUICKBOOKS__REDIRECT_LOCAL'] = self.url + '/oauth2/code'
        self.environment['LEDGERDECK__QUICKBOOKS__ENVIRONMENT'] = 'local'

    def stop_simulator(self):
        if self.simulator:
            self.simulator.terminate()
            self.simulator.wait()
            self.simulator.stdout.close()
            self.simulator = None

    # ---- the program

    def start(self, *words, **environment):
        return subprocess.Popen([PROGRAM] + list(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding='utf-8', cwd=self.here,
                                env=dict(self.environment, **environment))

    def run(self, *words, text='', **environment):
        process = self.start(*words, **environment)
        out, err = process.communicate(text, timeout=300)
        return Result(words, process.returncode, out, err)

    def json(self, *words, **options):
        return self.run(*words, '--json', **options).must().json()

    def make_vault(self):
        self.write('home/.config/ledgerdeck/ledgerdeck.conf', '[vault]\nkey_file = %s\n' % self.path('key'))
        return self.run('vault', 'init', '--json').must()

    def begin_connect(self, *words, **environment):
        """The program, waiting for a paste, and the address that it shows."""
        process = self.start('connect', 'quickbooks', '--yes', *words, **environment)
        self.advice = ''
        for line in process.stderr:
            if line.startswith('http'):
                return process, line.strip()
            self.advice += line
        raise AssertionError('no address: %s' % self.advice)

    def consent(self, address, realm=None):
        """Where a browser ends that agrees; realm says to which company."""
        if realm:
            address += '&realmId=' + realm
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address)

    def connect(self, *words, paste=None, realm=None):
        process, address = self.begin_connect(*words)
        with self.consent(address, realm) as answer:
            text = answer.geturl() if paste is None else paste(answer.geturl())
        out, err = process.communicate(text + '\n')
        return Result(('connect', 'quickbooks') + words, process.returncode, out, err)
