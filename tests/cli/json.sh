# SPDX-License-Identifier: GPL-3.0-or-later
# Every command with --json against a simulated ledger: what is printed is what docs/json.md says, member for
# member, and the other way round.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import contextlib
import csv
import io
import re
import sqlite3
import urllib.request
from books import *

# ---- the page

class Document:
    def __init__(self, invocation, name, is_list):
        self.invocation, self.name, self.is_list = invocation, name, is_list
        self.members, self.examples, self.shown = [], [], 0


def rows_of(lines):
    """Of the table that these lines begin with, without its head."""
    rows = []
    for line in lines:
        if not line.startswith('|'):
            break
        rows.append([cell.strip() for cell in line.strip().strip('|').split(' | ')])
    return rows[2:]


def read_page(path):
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    sections, documents, tables, section, document = [], {}, {}, None, None
    for number, line in enumerate(lines):
        if line.startswith('## '):
            section, document = line[3:], None
            sections.append(section)
        found = re.match(r'`ledgerdeck ([^`]*) --json` prints `\{"(\w+)":([\[{])…', line)
        if found:
            document = Document(found.group(1), found.group(2), found.group(3) == '[')
            documents[document.invocation] = document
        if line.startswith('| member |'):
            rows = [(row[0].strip('`'), row[1], row[2]) for row in rows_of(lines[number:])]
            if document:
                document.members = rows
            else:
                tables[section] = rows
        elif line.startswith('| ') and not lines[number - 1].startswith('|') and not document:
            tables[section + ', ' + line.split('|')[1].strip()] = rows_of(lines[number:])
        if line == '```json' and document:
            end = lines.index('```', number)
            document.examples.append('\n'.join(lines[number + 1:end]))
    return sections, documents, tables


sections, documents, tables = read_page(SOURCE + '/docs/json.md')

# ---- comparing

TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')


class Number(str):
    """A number with its digits."""


def is_of(kind, value):
    kind = kind.split(',')[0]
    if kind == 'text':
        return isinstance(value, str) and not isinstance(value, Number)
    if kind == 'number':
        return isinstance(value, Number) and re.match(r'-?\d+$', value) is not None
    if kind == 'decimal':
        return isinstance(value, Number)
    if kind == 'time':
        return isinstance(value, str) and TIME.match(value) is not None
    if kind == 'flag':
        return isinstance(value, bool)
    return kind == 'value'


def compare_element(where, element, members):
    names = [member[0] for member in members]
    if not expect('%s has the members of the page' % where, list(element) == names,
                  'only the program: %s' % [name for name in element if name not in names],
                  'only the page: %s' % [name for name in names if name not in element],
                  'printed: %s' % list(element)):
        return
    for name, kind, null in members:
        if element[name] is None:
            expect('%s: %s may be null' % (where, name), null != 'never')
        else:
            expect('%s: %s is of kind %s' % (where, name, kind), is_of(kind, element[name]), repr(element[name]))


def compare(document, text, where, members=None):
    """`members`: instead of the page's, where it says that they depend."""
    members = document.members if members is None else members
    try:
        whole = json.loads(text, parse_int=Number, parse_float=Number)
    except ValueError as error:
        complain('%s: %s in %s' % (where, error, text[:300]))
        return []
    if not expect('%s is {"%s":…}' % (where, document.name), list(whole) == [document.name], list(whole)):
        return []
    content = whole[document.name]
    if not expect('%s is a list or an object, as the page says' % where, isinstance(content, list) == document.is_list):
        return []
    elements = content if document.is_list else [content]
    lines = text.rstrip('\n').split('\n')
    expect('%s: one element a line' % where, len(lines) == (len(elements) + 2 if elements and document.is_list else 1), len(lines))
    for element in elements:
        compare_element(where, element, members)
        document.shown += 1
    return elements


def check(books, invocation, *words, code=0, members=None, result=None):
    document = documents.get(invocation)
    if not document:
        complain('docs/json.md does not tell what `ledgerdeck %s --json` prints' % invocation)
        return []
    result = result or books.run(*words, '--json')
    expect('%s ends with %d' % (' '.join(result.words), code), result.code == code, result.code, result.err)
    return compare(document, result.out, '%s --json' % ' '.join(result.words), members)


def check_csv(books, invocation, *words, members=None, code=0):
    """The same names in the same order."""
    members = documents[invocation].members if members is None else members
    result = books.run(*words, '--csv').must(code)
    table = list(csv.reader(io.StringIO(result.out, newline='')))
    expect('%s --csv begins with the members' % ' '.join(words), table[0] == [member[0] for member in members], table[0])
    expect('%s --csv has rows of one length' % ' '.join(words), len({len(row) for row in table}) == 1)


def check_error(result, code, kind):
    what = ' '.join(result.words)
    lines = [line for line in result.err.split('\n') if line.startswith('{"error":')]
    expect('%s ends with %d' % (what, code), result.code == code, result.code, result.err)
    expect('%s prints no half document' % what, result.out == '', result.out)
    if not expect('%s tells its error in one line of JSON' % what, len(lines) == 1, result.err):
        return
    whole = json.loads(lines[0], parse_int=Number)
    expect('%s: {"error":…}' % what, list(whole) == ['error'])
    compare_element(what, whole['error'], tables['Errors'])
    expect('%s: exit and kind' % what, (whole['error']['exit'], whole['error']['kind']) == (str(code), kind), lines[0])
    expect('the page has kind %s with code %d' % (kind, code),
           ['`%s`' % kind, str(code)] in [[row[0], row[-1]] for row in tables['Errors, kind']])


# ---- the page by itself

def check_page(books):
    commands = [row['command'] for row in books.json('help')['commands']]
    expect('the page has a section for each command, in their order', sections[3:] == commands, sections[3:], commands)
    for document in documents.values():
        expect('%s has an example' % document.invocation, len(document.examples) == 1)
        if document.invocation in ('objects ACCOUNT TYPE', 'show ACCOUNT TYPE ID', 'sql STATEMENT'):
            continue
        for example in document.examples:
            compare(document, example, 'the example of ' + document.invocation)
    # The codes are those that the program's help names.
    text = ' '.join(books.run('--help').must().out.split('Exit status:')[1].split())
    told = dict(re.findall(r'(\d+) ([a-z][^,.]*)', text))
    expect('the codes of the page are those of --help', [row[0] for row in tables['Exit codes, code']] == list(told), list(told))


# ---- every command

def columns_of(books, type_name):
    kinds = {'text': 'text', 'money': 'decimal', 'number': 'decimal', 'date': 'text', 'time': 'text', 'flag': 'flag'}
    return [(row['column'], kinds[row['kind']], 'absent') for row in books.json('types', type_name)['columns']]


def with_columns(books, invocation, type_name, behind):
    members = documents[invocation].members
    at = [member[0] for member in members].index(behind) + 1
    return members[:at] + columns_of(books, type_name) + members[at:]


def check_reading(books, account):
    for invocation, words in (('accounts', ['accounts']), ('status', ['status']), ('log', ['log']), ('types', ['types']),
                              ('types TYPE', ['types', 'Invoice']), ('audit', ['audit']), ('settings', ['settings']), ('keys', ['keys']),
                              ('help', ['help']), ('help COMMAND', ['help', 'sync'])):
        expect('%s shows something' % words, len(check(books, invocation, *words)) > 0)
        check_csv(books, invocation, *words)
    check(books, 'audit --verify', 'audit', '--verify')
    check(books, 'version', 'version')
    with contextlib.closing(sqlite3.connect(books.path('home/.local/share/ledgerdeck/ledgerdeck.db'), isolation_level=None)) as store:
        store.execute("INSERT OR REPLACE INTO lease SELECT id, 'elsewhere:4711:1:2', 4102444800000, 1 FROM account LIMIT 1")
        expect('who shows something', len(check(books, 'who', 'who')) > 0)
        check_csv(books, 'who', 'who')
        store.execute('UPDATE lease SET until_ms = 0')
    for type_name in ('Customer', 'Invoice', 'Account', 'JournalEntry'):
        members = with_columns(books, 'objects ACCOUNT TYPE', type_name, 'title')
        records = check(books, 'objects ACCOUNT TYPE', 'objects', account, type_name, members=members)
        check_csv(books, 'objects ACCOUNT TYPE', 'objects', account, type_name, members=members)
        if records:
            check(books, 'show ACCOUNT TYPE ID', 'show', account, type_name, records[0]['id'],
                  members=with_columns(books, 'show ACCOUNT TYPE ID', type_name, 'until_at'))
            check(books, 'show ACCOUNT TYPE ID --history', 'show', account, type_name, records[0]['id'], '--history')
            check_csv(books, 'show ACCOUNT TYPE ID --history', 'show', account, type_name, records[0]['id'], '--history')
    check(books, 'objects ACCOUNT TYPE', 'objects', account, 'Customer', '--columns', 'state,id', '--limit', '1',
          members=[('state', 'text', 'never'), ('id', 'text', 'never')])
    check(books, 'sql STATEMENT', 'sql', "SELECT 1 AS one, 'x' AS two, NULL AS three",
          members=[('one', 'text', 'never'), ('two', 'text', 'never'), ('three', 'text', 'sometimes')])
    check(books, 'types', 'types', '--check', SOURCE + '/data/catalogue/quickbooks.catalogue')
    for row in books.json('objects', account, 'Payment', '--limit', '20')['objects']:
        payment = books.json('show', account, 'Payment', row['id'])['object']
        pays = {'Invoice/%s' % link['TxnId'] for line in payment['raw']['Line'] for link in line.get('LinkedTxn', []) if link['TxnType'] == 'Invoice'}
        back = set((payment['pointed_to_by'] or '').split())
        expect('a payment and the invoices that it pays name each other', pays and pays <= set(payment['points_to'].split()) and pays <= back,
               payment['points_to'], payment['pointed_to_by'], pays)
    expect('there are payments', payment['points_to'], payment)
    raw = books.run('show', account, 'CompanyInfo', '1', '--raw', '--json').must()
    expect('--raw is the record alone', json.loads(raw.out)['Id'] == '1')


def check_follow(books):
    process = books.start('log', '--follow', '--json')
    first = process.stdout.readline()
    process.terminate()
    process.communicate()
    expect('log --follow ends in good order', process.returncode == 0, process.returncode)
    compare_element('log --follow', json.loads(first, parse_int=Number), documents['log'].members)


def check_run(books):
    process = books.start('run', '--json')
    log = process.stderr.readline()
    expect('the log has time and level', re.match(r'\d{4}-\d\d-\d\dT[0-9:.]+Z info run: ', log), log)
    process.terminate()
    out, err = process.communicate()
    check(books, 'run', result=Result(('run',), process.returncode, out, err))


def check_faults(books, account):
    """With the ledger gone: the error is told in the elements, and the codes say how it went."""
    address = books.environment['LEDGERDECK__QUICKBOOKS__LOCAL_ADDRESS']
    books.environment['LEDGERDECK__QUICKBOOKS__LOCAL_ADDRESS'] = 'http://127.0.0.1:9'
    failed = check(books, 'sync ACCOUNT', 'sync', account, '--type', 'Customer', '--set', 'sync.tries=1', code=1)
    expect('sync tells why', failed and failed[0]['error'] == 'network' and failed[0]['why'] and failed[0]['do'])
    failed = check(books, 'refresh ACCOUNT', 'refresh', account, '--set', 'sync.tries=1', code=1)
    expect('refresh tells why', failed and failed[0]['result'] == 'failed' and failed[0]['message'])
    failed = check(books, 'status', 'status', '--state', 'failed')
    expect('status tells why', failed and failed[0]['message'])
    check(books, 'log', 'log', '--state', 'failed')
    planned = check(books, 'retry --where FILTER --dry-run', 'retry', '--where', 'state:failed', '--dry-run')
    expect('a dry run names each type once', len(planned) == len({(row['account_id'], row['type']) for row in planned}) > 0)
    causes = check(books, 'attention', 'attention')
    expect('attention tells what goes on by itself', [row['cause'] for row in causes] == ['failing'] and causes[0]['do'])
    expect('attention names the command', causes[0]['command'] == 'retry --code network', causes[0]['command'])
    expect('that means the type', [row['type'] for row in books.json('retry', '--code', 'network', '--dry-run')['retry']] == ['Customer'])
    expect('and no other fault', books.json('retry', '--code', '3100', '--code', 'remote', '--dry-run')['retry'] == [])
    books.environment['LEDGERDECK__QUICKBOOKS__LOCAL_ADDRESS'] = address
    retried = check(books, 'retry ID', 'retry', '--code', 'network')
    expect('it is tried again', [(row['type'], row['result']) for row in retried] == [('Customer', 'ok')], retried)
    # What has gone well since is not read once more, though the log still has it.
    for words in ('--where', 'state:failed type:Customer'), ('--code', 'network'), ('--all',):
        expect('%s leaves out what is well' % words[0], books.json('retry', *words, '--dry-run')['retry'] == [])
    check_error(books.run('sync', 'Nobody', '--json'), 2, 'input')
    check_error(books.run('objects', account, 'Invoise', '--json'), 2, 'input')
    check_error(books.run('status', '--bogus', '--json'), 2, 'input')
    check_error(books.run('bogus', '--json'), 2, 'input')
    check_error(books.run('settings', '--json', '--set', 'sync.interval=soon'), 2, 'input')
    check_error(books.run('status', '--json', '--store', books.write('no.db', 'no database')), 1, 'store')
    check_error(books.run('status', '--json', '--store', books.path('absent.db')), 1, 'store')


def check_push(books, account):
    """A document of one's own, all the way into the ledger."""
    customer = [row['id'] for row in books.json('objects', account, 'Customer')['objects'] if row['state'] == 'live'][0]
    path = books.write('invoices.csv', 'InvoiceNo,Customer,InvoiceDate,DueDate,Item(Product/Service),ItemAmount\n'
                       'X-1,C1,2026-11-02,2026-12-02,DESIGN,100.00\nX-2,C1,2026-13-02,2026-12-02,DESIGN,1.00\n')
    check(books, 'import FILE', 'import', path, '--account', account, code=3)
    check_csv(books, 'import FILE', 'import', path, '--account', account, code=3)
    check(books, 'import FILE', 'import', path, '--account', account, '--write', code=4)
    for invocation, words in (('resources ACCOUNT', ['resources', account]), ('organizations', ['organizations']), ('policy ACCOUNT', ['policy', account]),
                              ('map ACCOUNT --candidates TARGET', ['map', account, '--candidates', 'item'])):
        expect('%s shows something' % words, len(check(books, invocation, *words)) > 0)
        check_csv(books, invocation, *words)
    export = ['export', account, '--format', 'quickbooks-csv', '--type', 'invoice', '--to', books.directory]
    expect('export tells of its file', [row['documents'] for row in check(books, 'export ACCOUNT --format FORMAT --type TYPE', *export)] == ['1'])
    check_csv(books, 'export ACCOUNT --format FORMAT --type TYPE', *export, '--force')
    check(books, 'map ACCOUNT', 'map', account, code=3)
    check(books, 'plan ACCOUNT', 'plan', account, code=3)
    check(books, 'map ACCOUNT', 'map', account, '--rule', 'item:DESIGN=1', '--rule', 'customer:C1=' + customer)
    check(books, 'map ACCOUNT --history', 'map', account, '--history')
    lake = ['export', account, '--format', 'parquet', '--to', books.path('lake')]
    told = check(books, 'export ACCOUNT --format parquet --to DIRECTORY', *lake)
    expect('each type has its file', {row['what'] for row in told} == {'full'}, told)
    expect('nothing has changed', {row['what'] for row in check(books, 'export ACCOUNT --format parquet --to DIRECTORY', *lake, '--changes')} == {'unchanged'})
    check_csv(books, 'export ACCOUNT --format parquet --to DIRECTORY', *lake)
    check(books, 'exports', 'exports')
    refused = books.run('export', account, '--format', 'csv', '--to', 's3://acme')
    expect('a cloud needs its key', refused.code == 7 and 'destinations --key s3://acme' in refused.err, refused.err)
    expect('it is told where records were to go', check(books, 'destinations', 'destinations') ==
           [{'destination': 's3://acme', 'key': False, 'exports': '1'}])
    check_csv(books, 'exports', 'exports')
    check(books, 'map ACCOUNT --export -', 'map', account, '--export', '-')
    check_csv(books, 'map ACCOUNT --export -', 'map', account, '--export', '-')
    rules = books.write('rules.csv', 'target,code,name\nitem,DESIGN,Tuning\nitem,WOOD,No such\n')
    check(books, 'map ACCOUNT --import FILE', 'map', account, '--import', rules, code=3)
    rates = books.write('rates.csv', 'currency,from,rate\nEUR,2026-01-01,1.0842\n')
    check(books, 'rates ACCOUNT --import FILE', 'rates', account, '--import', rates, '--write')
    check(books, 'rates ACCOUNT', 'rates', account)
    check_csv(books, 'rates ACCOUNT', 'rates', account)
    check(books, 'rates ACCOUNT --history', 'rates', account, '--history')
    plan = check(books, 'plan ACCOUNT', 'plan', account, code=9)[0]['plan']
    check(books, 'plans', 'plans')
    check(books, 'plans PLAN', 'plans', plan)
    check(books, 'apply PLAN', 'apply', plan)
    intent = check(books, 'outbox', 'outbox', '--all')[0]['id']
    check(books, 'outbox ID', 'outbox', intent)
    path = books.write('customer.json', '{"type":"customer","external_id":"N1","data":{"name":"New One"}}')
    check(books, 'import FILE', 'import', path, '--account', account, '--write')
    plan = check(books, 'plan ACCOUNT', 'plan', account, code=3)[0]['plan']
    for words, why in ((('create', '--line', '1', '--line', '999'), 'has no line 999'), (('create', '--reason', 'closed'), "the reason 'closed'"),
                       (('ours', '--line', '1'), "takes one of: create skip; not 'ours'"), (('', '--reason', 'approval'), "not ''")):
        expect('decide %s says why not' % (words,), why in books.run('decide', plan, *words).must(2).err)
    expect('and decides nothing', books.json('plans')['plans'][0]['plan'] == plan)
    check(books, 'decide PLAN DECISION', 'decide', plan, 'create', '--reason', 'approval')
    path = books.write('request.json', json.dumps({'resource_type': 'customer', 'resource_external_id': 'N2', 'operation_method': 'update',
                                                   'references': {'customer': {'N2': {'data': {'name': 'New Two'}}}}}))
    check(books, 'import FILE', 'import', path, '--account', account, '--write')
    request = check(books, 'requests', 'requests', code=3)[0]['id']
    check_csv(books, 'requests', 'requests', code=3)
    check(books, 'requests ID', 'requests', request, code=3)
    check(books, 'link ACCOUNT EXTERNAL_ID', 'link', account, 'N1', customer)
    check(books, 'unlink ACCOUNT EXTERNAL_ID', 'unlink', account, 'N1')
    check(books, 'link ACCOUNT EXTERNAL_ID', 'link', account, 'N1', '--approve')
    # Somebody else takes its name in the ledger before it is written.
    plan = check(books, 'plan ACCOUNT', 'plan', account, code=9)[0]['plan']
    call = urllib.request.Request(books.url + '/simulator/as-other-user/v3/company/4620055/customer', b'{"DisplayName":"New One"}',
                                  {'Content-Type': 'application/json', 'Accept': 'application/json'})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(call).close()
    books.run('apply', plan, '--json')
    check(books, 'outbox --redrive', 'outbox', '--redrive', '--dry-run', code=9)
    check_csv(books, 'outbox --redrive', 'outbox', '--redrive', '--dry-run', code=9)
    plan = check(books, 'outbox --redrive', 'outbox', '--redrive', code=9)[0]['plan']
    books.run('sync', account).must()
    plan = check(books, 'plan ACCOUNT', 'plan', account, code=3)[0]['plan']
    expect('a plan that waits for a person is not applied', books.run('apply', plan, '--json').code == 3)
    # Put right, so that nothing waits; the skipped one is no person's to see to.
    books.run('requests', '--skip', request).must()
    books.run('policy', account, 'duplicate', 'link-if-exact').must()
    books.run('apply', books.run('plan', account, '--json').must(9).json()['plan'][0]['plan'], '--json').must()
    plan = books.run('plan', account, '--json').must().json()['plan'][0]['plan']
    expect('of a plan with nothing to do nothing is left', books.run('apply', plan, '--json').must().json() == {'apply': []})


def check_books(books, account):
    """What was brought in by check_push() stands in no year but this one; whatever does not agree there is accepted."""
    rows = check(books, 'reconcile ACCOUNT', 'reconcile', account, '--period', '2020-01-01..2039-12-31', code=3)
    name = rows[0]['session']
    check(books, 'sessions', 'sessions')
    check_csv(books, 'sessions', 'sessions')
    found = check(books, 'exceptions', 'exceptions', name, code=3)
    check(books, 'ties', 'ties', name)
    check_csv(books, 'ties', 'ties', name)
    check_error(books.run('resolve', name, str(found[0]['exception']), '--step', 'ignore', '--json'), 2, 'input')
    for reason in sorted({row['reason'] for row in found}):
        check(books, 'resolve SESSION', 'resolve', name, '--reason', reason, '--step', 'ignore', '--note', 'of no account')
    check(books, 'exceptions', 'exceptions', name, '--all')
    check(books, 'sign SESSION', 'sign', name)
    check_error(books.run('sign', name, '--json'), 2, 'input')
    books.run('policy', account, 'reviewer', 'same').must()
    check(books, 'sign SESSION', 'sign', name)
    check(books, 'evidence', 'evidence', name, books.path('pack'))
    check(books, 'evidence', 'evidence', '--verify', books.path('pack'))
    with open(books.path('pack') + '/items.csv', 'a', encoding='utf-8') as file:
        file.write('x')
    check(books, 'evidence', 'evidence', '--verify', books.path('pack'), code=1)


def check_all(books):
    books.start_simulator()
    check(books, 'vault init', result=books.make_vault())
    check_error(books.run('sync', '--all', '--json'), 7, 'auth')
    check(books, 'connect quickbooks', result=books.connect('--json'))
    account = books.json('accounts')['accounts'][0]['id']
    check(books, 'sync ACCOUNT', 'sync', account)
    check_csv(books, 'sync ACCOUNT', 'sync', account)
    check(books, 'refresh ACCOUNT', 'refresh', account)
    check(books, 'backup FILE', 'backup', books.path('backup'))
    attempt = books.json('log', '--limit', '1', '--account', account)['log'][0]['id']
    check(books, 'retry ID', 'retry', str(attempt))
    check_reading(books, account)
    check_follow(books)
    check_run(books)
    check(books, 'pause ACCOUNT', 'pause', account)
    paused = books.run('sync', account, '--json')
    check_error(paused, 3, 'conflict')
    check(books, 'resume ACCOUNT', 'resume', account)
    check(books, 'pause ACCOUNT', 'pause', account, '--type', 'Estimate')
    check(books, 'status', 'status', '--type', 'Estimate')
    check(books, 'resume ACCOUNT', 'resume', account, '--type', 'Estimate')
    check(books, 'interval ACCOUNT', 'interval', account)
    check(books, 'interval ACCOUNT', 'interval', account, '--every', 'asked')
    check(books, 'accounts', 'accounts')
    check(books, 'interval ACCOUNT', 'interval', account, '--every', '10m')
    check_push(books, account)
    check_books(books, account)
    check(books, 'vault status', 'vault', 'status')
    check(books, 'vault rotate', 'vault', 'rotate')
    check(books, 'vault lock', 'vault', 'lock')
    check_faults(books, account)
    check(books, 'demo', 'demo')
    check(books, 'doctor', 'doctor')
    check(books, 'restore FILE', 'restore', books.path('backup'), '--yes')
    check(books, 'disconnect ACCOUNT', 'disconnect', account, '--yes')
    check(books, 'disconnect ACCOUNT', 'disconnect', account, '--yes')
    refused = books.run('sync', account, '--json')
    check_error(refused, 7, 'auth')
    expect('what to do is not cut off', "--account %s'" % account in refused.err, refused.err)
    check(books, 'accounts', 'accounts')
    check(books, 'vault passwd', 'vault', 'passwd', '--key-file', books.path('key2'))


def check_rows_against_the_ledger():
    with Books('--company', 'xledger,realm=4711,customers=5,invoices=3', '--set', 'limits=off') as books:
        books.make_vault()
        books.start_simulator()
        with urllib.request.urlopen(books.url + '/simulator/xledger/tokens', b'{"entity":"4711"}') as answer:
            token = json.load(answer)['token']
        account = books.json('connect', 'xledger', '--environment', 'local', '--expires', '2099-12-31', '--yes', text=token + '\n')['connected']['id']
        bent = books.write('bent.catalogue', 'provider = xledger\nkey = dbId\n[products]\nquery = products\nfield = cod text\n[prices]\nquery = prcies\n')
        check(books, 'types --account ACCOUNT', 'types', '--account', account, '--check', bent, code=2)
        check_csv(books, 'types --account ACCOUNT', 'types', '--account', account, '--check', bent, code=2)
        check(books, 'types --account ACCOUNT', 'types', '--account', account)


with Books('--company', 'small,realm=4620055', '--set', 'limits=off') as books:
    books.environment.update(LEDGERDECK__SYNC__PER_SECOND='500', LEDGERDECK__SYNC__PER_MINUTE='20000')
    check_page(books)
    for document in documents.values():
        document.shown = 0
    check_all(books)
    check_rows_against_the_ledger()
    for document in documents.values():
        expect('`ledgerdeck %s --json` was run and showed something' % document.invocation, document.shown > 0)
end()
END_OF_PYTHON
