# SPDX-License-Identifier: GPL-3.0-or-later
# An account's rules go out as a file and come back the same, here or in another company, where ids mean something else.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import csv

from books import *


def rules(books, account):
    return books.json('map', account, '--export', '-')['rules']


def read(books, account, text, *words, code=0, name='in.csv'):
    """What comes in by a file: line, what and record."""
    result = books.run('map', account, '--import', books.write(name, text), '--json', *words).must(code)
    return [(row['line'], row['what'], row['record']) for row in result.json()['import']]


def set_up(books, account):
    items = books.json('map', account, '--candidates', 'item')['candidates']
    accounts = [row for row in books.json('map', account, '--candidates', 'account')['candidates'] if row['active']]
    result = books.run('map', account, '--rule', 'item:A,"1"=' + items[0]['record'], '--rule', 'item:=' + items[1]['record'],
                       '--rule', 'account:4000=' + accounts[0]['record'])
    expect('rules are made', result.code in (0, 3), result.code, result.err)
    return items, accounts


def check_round_trip(books, account):
    before = rules(books, account)
    expect('all rules go out', sorted((row['target'], row['code']) for row in before) == [('account', '4000'), ('item', ''), ('item', 'A,"1"')], before)
    version = books.json('map', account, '--history')['changes'][0]['version']
    for name in ('rules.csv', 'rules.json'):
        path = books.path(name)
        books.run('map', account, '--export', path).must()
        refused = books.run('map', account, '--export', path).must(2)
        expect('what is there stays', '--force' in refused.err, refused.err)
        books.run('map', account, '--export', path, '--force').must()
        told = books.json('map', account, '--import', path, '--write')['import']
        expect('%s changes nothing' % name, [row['what'] for row in told] == ['same'] * 3, told)
    expect('no version is made of it', books.json('map', account, '--history')['changes'][0]['version'] == version)
    with open(books.path('rules.json'), encoding='utf-8') as file:
        expect('JSON is what is printed', json.load(file)['rules'] == before)
    with open(books.path('rules.csv'), encoding='utf-8', newline='') as file:
        expect('CSV has the same', list(csv.DictReader(file)) == before)
    # Taken away, then back.
    rows = 'target,code,name\n' + ''.join('%s,"%s",\n' % (row['target'], row['code'].replace('"', '""')) for row in before)
    dry = read(books, account, rows)
    expect('a dry run tells what would go', [row[1] for row in dry] == ['removed'] * 3 and rules(books, account) == before, dry)
    read(books, account, rows, '--write')
    expect('they are gone', rules(books, account) == [])
    books.json('map', account, '--import', books.path('rules.csv'), '--write')
    expect('and back', rules(books, account) == before, rules(books, account), before)
    books.json('map', account, '--undo', 'last')
    expect('as one version', rules(books, account) == [])
    books.json('map', account, '--redo')
    expect('which is made again', rules(books, account) == before)
    books.run('map', account, '--redo').must(2)
    books.json('map', account, '--undo', 'last')
    expect('and taken back again, and not what took it back', rules(books, account) == [])
    books.json('map', account, '--import', books.path('rules.json'), '--write')


def check_refusals(books, account, items):
    text = ('target;code;id;number;name\nitem;X;%s;;\nitem;x ;%s;;\nthing;Y;1;;\nitem;Z;;;no such item at all\nitem;V;99999;;\nitem;U;;;%s\n' %
            (items[0]['record'], items[1]['record'], items[1]['name'].upper()))
    told = read(books, account, text, code=3)
    expect('each is told with its line', [row[:2] for row in told] == [(2, 'new'), (3, 'refused'), (4, 'refused'), (5, 'refused'), (6, 'refused'), (7, 'new')],
           told)
    expect('a name fits in any letter case', told[5][2] == items[1]['record'], told)
    why = [row['why'] for row in books.run('map', account, '--import', books.path('in.csv'), '--json').json()['import']]
    expect('and why', 'on line 2' in why[1] and 'such a target' in why[2] and 'no such item' in why[3] and "id '99999'" in why[4], why)
    before = len(rules(books, account))
    read(books, account, text, '--write', code=4)
    expect('the others come in', len(rules(books, account)) == before + 2, rules(books, account))
    for bad in ('', 'target,code\nitem,X\n', 'target,code,name,colour\nitem,X,Y,red\n', '{"rules":[{"target":"item"', '{"rules":{}}', '[1]',
                '[{"target":"item","code":true,"id":"1"}]', 'target,code,id\nitem,X,1,2\n'):
        refused = books.run('map', account, '--import', books.write('bad', bad), '--write').must(2)
        expect('it says what is wrong with %r' % bad, refused.err.strip() != '' and refused.out.strip() == '', refused.out, refused.err)
    good = books.path('rules.csv')
    for words in (('--import', good, '--write', '--rule', 'item:='), ('--import', good, '--write', '--undo', 'last'), ('--write',), ('--force',),
                  ('--history', '--accept', '1'), ('--export', '-', '--from', account)):
        books.run('map', account, *words).must(2)
    expect('nothing of them came in', len(rules(books, account)) == before + 2)


def check_fit(books, account):
    """What documents use a code for says what it can stand for, and a dry run what the rules would free."""
    payment = {'type': 'payment', 'external_id': 'p1', 'data': {'customer': 'K1', 'date': '2026-11-02', 'amount': '12.50', 'deposit_account': 'TILL'}}
    books.json('import', books.write('payment.json', json.dumps(payment)), '--account', account, '--write')
    accounts = [row for row in books.json('map', account, '--candidates', 'account')['candidates'] if row['active']]
    expense, bank = [[row['record'] for row in accounts if row['kind'] == kind][0] for kind in ('Expense', 'Bank')]
    customer = [row for row in books.json('map', account, '--candidates', 'customer')['candidates'] if row['active']][0]
    text = 'target,code,id\naccount,TILL,%s\ncustomer,K1,' + customer['record'] + '\n'
    told = read(books, account, text % expense, code=3)
    expect('an account of the wrong type is refused', [row[1] for row in told] == ['refused', 'new'], told)
    refused = books.run('map', account, '--rule', 'account:TILL=' + expense).must(2)
    expect('by hand, too', "can't be used as deposit_account" in refused.err, refused.err)
    result = books.run('map', account, '--import', books.write('in.csv', text % bank)).must()
    expect('the effect is told before', 'free: 1, 12.50 USD' in result.err, result.err)


def check_elsewhere(books, account, other, items):
    """The same file in another company: by number and name, never by an id that is another record's there."""
    candidates = books.json('map', other, '--candidates', 'item')['candidates']
    row, wrong = [each for each in candidates if each['active']][0], [each['record'] for each in candidates if each['active']][1]
    inactive = [each for each in candidates if not each['active']][0]
    told = read(books, other, json.dumps([{'target': 'item', 'code': 'A', 'id': wrong, 'number': None, 'name': row['name']},
                                          {'target': 'item', 'code': 'B', 'id': wrong, 'name': 'what is not there'},
                                          {'target': 'item', 'code': 'C', 'id': int(wrong)},
                                          {'target': 'item', 'code': 'D', 'name': inactive['name']}]), code=3, name='in.json')
    expect('its name goes before a wrong id', told[0][1:] == ('new', row['record']), told)
    expect('a wrong id alone leads nowhere', told[1][1] == 'refused', told)
    expect('an id with nothing beside it is taken at its word', told[2][1:] == ('new', wrong), told)
    expect('what is inactive is refused', told[3][1] == 'refused', told)


def check_plans(books, account, other):
    """A plan is of one account: asked for as that of another it is not there."""
    books.run('plan', account, '--as-is').must(3)
    plan = books.json('plans', '--account', account)['plans'][0]['plan']
    for words in (('plans', plan), ('outbox', '--plan', plan)):
        books.run(*words, '--account', account).must()
        refused = books.run(*words, '--account', other).must(2)
        expect('it says so', 'of that account' in refused.err, refused.err)
    books.run('plan', other, '--as-is', '--undo', plan).must(2)
    books.run('plans', '--what', 'blocked').must(2)


with Books('--company', 'small', '--company', 'us,customers=1,invoices=1,realm=4620055', '--set', 'limits=off') as books:
    books.environment.update(LEDGERDECK__SYNC__PER_SECOND='500', LEDGERDECK__SYNC__PER_MINUTE='20000')
    books.start_simulator()
    books.make_vault()
    books.connect('--json').must()
    account = books.json('accounts')['accounts'][0]['id']
    books.connect('--json', realm='4620055').must()
    other = [row['id'] for row in books.json('accounts')['accounts'] if row['id'] != account][0]
    types = [word for type_name in ('CompanyInfo', 'Preferences', 'Account', 'Item', 'Customer') for word in ('--type', type_name)]
    for each in (account, other):
        books.run('sync', each, *types).must()
    items, accounts = set_up(books, account)
    check_round_trip(books, account)
    check_refusals(books, account, items)
    check_fit(books, account)
    check_elsewhere(books, account, other, items)
    check_plans(books, account, other)
end()
END_OF_PYTHON
