# SPDX-License-Identifier: GPL-3.0-or-later
# Settings by use: layers and where each value came from, names of other services, what a directory may not decide,
# secrets that are taken once, and that the values do what they say.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import datetime
import re
import socket
import threading
import urllib.parse
from books import *


def value(books, name, *words, **environment):
    """What a setting is, and where that came from."""
    result = books.run('settings', name, '--json', *words, **environment).must()
    row = [row for row in result.json()['settings'] if row['setting'] == name][0]
    return row['value'], row['origin']


def is_value(books, name, expected, origin, *words, **environment):
    found = value(books, name, *words, **environment)
    expect('%s with %s %s' % (name, words, environment), found[0] == expected and found[1].endswith(origin), found, (expected, origin))


def refused(books, words, *texts, **environment):
    result = books.run(*words, **environment)
    expect('%s is refused and says %s' % (words, texts), result.code == 2 and result.out == '' and
           all(text in result.err for text in texts), result.code, result.err)


def check_layers(books):
    """Each layer is laid over the one before."""
    user = books.write('home/.config/ledgerdeck/ledgerdeck.conf', '[sync]\nworkers = 2\n[profile.test.sync]\nworkers = 3\n')
    variables = books.write('variables', 'export LEDGERDECK__SYNC__WORKERS="7"\nQB_MAX_RESULTS=60\nUNKNOWN=1\n')
    is_value(books, 'sync.interval', '5m', 'built in')
    is_value(books, 'sync.workers', '2', 'ledgerdeck.conf:2')
    is_value(books, 'sync.workers', '3', 'ledgerdeck.conf:4', '--profile', 'test')
    is_value(books, 'sync.workers', '2', 'ledgerdeck.conf:2', '--profile', 'production')
    local = books.write('here/.ledgerdeck.conf', '[sync]\nworkers = 4\n')
    is_value(books, 'sync.workers', '4', '.ledgerdeck.conf:2', '--profile', 'test')
    is_value(books, 'sync.workers', '6', 'environment LEDGERDECK__SYNC__WORKERS', LEDGERDECK__SYNC__WORKERS='6')
    is_value(books, 'sync.workers', '7', 'variables:1', '--env-file', variables, LEDGERDECK__SYNC__WORKERS='6')
    is_value(books, 'sync.workers', '8', 'flag', '--env-file', variables, '--set', 'sync.workers=8', LEDGERDECK__SYNC__WORKERS='6')
    is_value(books, 'sync.max_results', '50', 'environment QB_MAX_RESULTS', QB_MAX_RESULTS='50')
    is_value(books, 'sync.max_results', '60', 'variables:2', '--env-file', variables, QB_MAX_RESULTS='50')
    is_value(books, 'sync.max_results', '70', 'LEDGERDECK__SYNC__MAX_RESULTS', '--env-file', variables, LEDGERDECK__SYNC__MAX_RESULTS='70')
    table = books.run('settings', '--origin', 'sync.workers').must().out
    expect('--origin shows it to people', re.search(r'sync\.workers +4 .*\.ledgerdeck\.conf:2', table), table)
    os.remove(local)
    os.remove(user)


def check_names(books):
    """Names that any program may use count only in a file that was named."""
    general = {'SYNC_INTERVAL_MINUTES': ('7', 'sync.interval', '7m'), 'SYNC_MAX_RETRIES': ('3', 'sync.tries', '3'),
               'SYNC_RETRY_DELAY': ('90', 'sync.retry_delay', '90'), 'TOKEN_REFRESH_BUFFER': ('300', 'connect.refresh_lead', '300'),
               'LOG_LEVEL': ('WARNING', 'log.level', 'warn'), 'DATABASE_PATH': ('/tmp/x.db', 'store.path', '/tmp/x.db'),
               'API_ENDPOINT': ('https://x.example/', 'xledger.api_endpoint', 'https://x.example/')}
    file = books.write('general', ''.join('%s=%s\n' % (name, row[0]) for name, row in general.items()))
    everywhere = {name: row[0] for name, row in general.items()}
    for name, (given, setting, expected) in general.items():
        expect('%s in the environment is nobody\'s' % name, value(books, setting, **everywhere)[1] == 'built in')
        is_value(books, setting, expected, ':%d' % (list(general).index(name) + 1), '--env-file', file)
    is_value(books, 'quickbooks.environment', 'sandbox', 'environment QBO_ENVIRONMENT', QBO_ENVIRONMENT='Sandbox')


def check_refusals(books):
    for name in ('quickbooks.local_address', 'quickbooks.redirect_production', 'quickbooks.client_id', 'quickbooks.client_secret',
                 'vault.key_file', 'vault.credential', 'store.path', 'log.file', 'net.proxy', 'net.ca_file', 'xledger.api_key'):
        section, key = name.split('.')
        local = books.write('here/.ledgerdeck.conf', '\n[%s]\n%s = x\n' % (section, key))
        refused(books, ['settings'], '.ledgerdeck.conf:3', name, 'directory')
        os.remove(local)
    books.write('home/.config/ledgerdeck/ledgerdeck.conf', '[sync]\nintervall = 5m\n')
    refused(books, ['settings'], 'ledgerdeck.conf:2', "'sync.intervall'", "did you mean 'sync.interval'")
    books.write('home/.config/ledgerdeck/ledgerdeck.conf', '[sync]\n\nworkers = many\n')
    refused(books, ['settings'], 'ledgerdeck.conf:3', "'sync.workers'", 'a whole number')
    os.remove(books.path('home/.config/ledgerdeck/ledgerdeck.conf'))
    refused(books, ['settings'], 'LEDGERDECK__SYNC__WORKER', "did you mean 'sync.workers'", LEDGERDECK__SYNC__WORKER='3')
    refused(books, ['settings', '--set', 'quickbooks.client_secret=hush-hush'], 'secret')
    refused(books, ['settings', '--env-file', books.path('absent')], 'absent')
    refused(books, ['settings', '--profile', 'no name'], '--profile')


def check_secrets(books):
    """Taken once, sealed, never shown; then its removal is advised."""
    mark = 'simulator-secret'
    for words in (['settings', '--json'], ['settings', '--origin'], ['settings', '--csv']):
        result = books.run(*words, QB_CLIENT_SECRET=mark).must()
        expect('%s hides a secret' % words, mark not in result.out + result.err)
    row = books.run('settings', 'quickbooks.client_secret', '--json', QB_CLIENT_SECRET=mark).must().json()['settings'][0]
    expect('only that it is set is told', row['value'] is None and row['set'] is True, row)
    process, address = books.begin_connect(QB_CLIENT_ID='simulator-client', QB_CLIENT_SECRET=mark)
    with books.consent(address) as answer:
        url = answer.geturl()
    out, err = process.communicate('')
    expect('the removal is advised', "(environment QB_CLIENT_SECRET) is sealed in the vault now: remove it there" in books.advice, books.advice)
    query = urllib.parse.parse_qs(url.split('?', 1)[1])
    # The code that nobody pasted, from the settings: without a person, and with what was sealed.
    result = books.run('connect', 'quickbooks', '--json', '--yes', QB_AUTHORIZATION_CODE=query['code'][0], QB_REALM_ID=query['realmId'][0],
                       QB_REDIRECT_URI=books.url + '/oauth2/code').must()
    expect('a code of the settings connects', result.json()['connected']['name'] and 'is used up: remove it there' in result.err, result.err)
    process, address = books.begin_connect(QB_CLIENT_SECRET='another-secret')
    process.communicate('')
    expect('another secret than the sealed one is told', 'are used, not the other ones of the settings' in books.advice, books.advice)
    for name in os.listdir(books.path('home/.local/share/ledgerdeck')):
        with open(books.path('home/.local/share/ledgerdeck', name), 'rb') as file:
            expect('%s has no secret in clear' % name, mark.encode() not in file.read())


def check_effects(books):
    account = books.json('accounts')['accounts'][0]['id']
    books.run('sync', account, '--type', 'Customer').must()
    before = books.json('status', '--type', 'Customer')['status'][0]
    instant = lambda text: datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%fZ')
    wait = (instant(before['next_at']) - instant(before['last_success_at'])).total_seconds()
    expect('the next read comes within 5 minutes and the twentieth that spreads it', 0 < wait <= 315, wait)
    books.run('sync', account, '--type', 'Customer', '--full', QB_MAX_RESULTS='10').must()
    books.run('sync', account, '--type', 'Customer', '--full').must()
    whole, parts = [row for row in books.json('log', '--type', 'Customer')['log']][:2]
    expect('QB_MAX_RESULTS is the size of a page', parts['pages'] >= parts['read'] // 10 > 1 and whole['pages'] == 1, parts, whole)
    # A ledger that takes the call and says nothing.
    with socket.create_server(('127.0.0.1', 0)) as silent:
        took = books.run('sync', account, '--type', 'Customer', '--set', 'net.timeout=1s', '--set', 'sync.tries=1',
                         LEDGERDECK__QUICKBOOKS__LOCAL_ADDRESS='http://127.0.0.1:%d' % silent.getsockname()[1])
    expect('net.timeout ends the wait', took.code == 1 and 'within 1 s' in took.out + took.err, took.code, took.out, took.err)


def run_log(books, *words):
    """The log of a scheduler that was stopped as soon as it has begun."""
    process = books.start('run', *words)
    first = process.stderr.readline()
    process.terminate()
    out, err = process.communicate()
    expect('run %s ends with 0' % (words,), process.returncode == 0, process.returncode)
    return first + err


def check_levels(books):
    line = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|warn|info|debug) [a-z]+: ')
    for words in ([], ['--env-file', books.write('level', 'LOG_LEVEL=DEBUG\n')]):
        log = run_log(books, *words)
        expect('run %s logs' % (words,), ' info run: ' in log, log)
        for one in log.strip().split('\n'):
            expect('a line of the log has time and level', line.match(one), one)
    process = books.start('run', '--env-file', books.write('level', 'LOG_LEVEL=error\n'))
    books.run('accounts').must()
    process.terminate()
    out, err = process.communicate()
    expect('LOG_LEVEL=error leaves the rest out', err == '', err)


with Books('--company', 'small', '--customers', '40', '--set', 'limits=off') as books:
    check_layers(books)
    check_names(books)
    check_refusals(books)
    books.start_simulator()
    books.make_vault()
    check_secrets(books)
    check_effects(books)
    check_levels(books)
end()
END_OF_PYTHON
