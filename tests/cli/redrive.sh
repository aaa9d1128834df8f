# SPDX-License-Identifier: GPL-3.0-or-later
# What the ledger has refused is planned anew by filter: told before, sent only by `apply`.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
from books import *

REALM = '4620055'
NAMES = ('Raven Masonry', 'Yarrow Works')


def take_name(books, name):
    """Somebody else makes a customer of that name in the ledger."""
    call = urllib.request.Request('%s/simulator/as-other-user/v3/company/%s/customer' % (books.url, REALM), json.dumps({'DisplayName': name}).encode(),
                                  {'Content-Type': 'application/json', 'Accept': 'application/json'})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(call).close()


def owed(books):
    result = books.run('outbox', '--json')
    return {row['number']: row['state'] for row in result.json()['outbox']}


def redrive(books, *words, code=0):
    return books.run('outbox', '--redrive', '--json', *words).must(code).json()['redrive']


def plans(books):
    return len(books.json('plans')['plans'])


def be_refused(books, account):
    customers = [{'type': 'customer', 'external_id': 'c%d' % i, 'data': {'name': name}} for i, name in enumerate(NAMES)]
    books.json('import', books.write('customers.json', json.dumps(customers)), '--account', account, '--write')
    for i in range(2):
        books.json('link', account, 'c%d' % i, '--approve')
    plan = books.run('plan', account, '--json').must(9).json()['plan'][0]['plan']
    for name in NAMES:
        take_name(books, name)
    books.run('apply', plan, '--json')
    expect('both were refused', owed(books) == {name: 'rejected' for name in NAMES}, owed(books))


def check_filter(books, account):
    before = plans(books)
    told = redrive(books, '--dry-run', code=9)
    expect('by the mirror as it is they would be made', [(row['documents'], row['plan'], row['create']) for row in told] == [(2, None, 2)], told)
    for words in (('--code', '6240'), ('--state', 'rejected', '--state', 'dead'), ('--account', account), ('--reason', 'NAME')):
        expect('%s fits both' % words[0], [row['documents'] for row in redrive(books, '--dry-run', *words, code=9)] == [2])
    for words in (('--code', '9999'), ('--state', 'dead'), ('--reason', 'no such reason'), ('--code', '6240', '--state', 'conflict')):
        expect('%s fits none' % (words,), redrive(books, '--dry-run', *words) == [])
    expect('a dry run plans nothing', plans(books) == before)
    books.run('outbox', '--redrive', '--state', 'queued').must(2)
    books.run('outbox', '--redrive', '--readonly').must(2)
    intent = books.run('outbox', '--json').json()['outbox'][0]['id']
    for words in (('--state', 'dead'), (intent, '--cancel', '--dry-run'), ('--redrive', intent), ('--redrive', '--plan', 'p'), ('--cancel',),
                  (intent, '--cancel', '--unwritten')):
        books.run('outbox', *words).must(2)
    expect('what makes no sense does nothing', owed(books) == {name: 'rejected' for name in NAMES}, owed(books))


def check_redrive(books, account):
    books.run('sync', account, '--type', 'Customer').must()
    told = redrive(books, '--code', '6240', code=3)
    expect('what the ledger has now is heeded', [(row['create'], row['waits']) for row in told] == [(0, 2)] and told[0]['plan'], told)
    expect('it is a plan like others', books.json('plans')['plans'][0]['plan'] == told[0]['plan'])
    books.run('policy', account, 'duplicate', 'link-if-exact').must()
    told = redrive(books, code=9)
    expect('a policy settles it', [row['link'] for row in told] == [2], told)
    expect('nothing was done yet', owed(books) == {name: 'rejected' for name in NAMES}, owed(books))
    books.run('apply', told[0]['plan'], '--json').must()
    places = {row['external_id']: row['record'] for row in books.json('resources', account)['resources']}
    expect('they are linked', all(places.values()), places)
    expect('and nothing is owed any more', owed(books) == {}, owed(books))


with Books('--company', 'small,realm=' + REALM, '--set', 'limits=off') as books:
    books.start_simulator()
    books.make_vault()
    books.connect('--json').must()
    account = books.json('accounts')['accounts'][0]['id']
    books.run('sync', account).must()
    expect('with nothing owed nothing is planned', redrive(books) == [])
    be_refused(books, account)
    check_filter(books, account)
    check_redrive(books, account)
end()
END_OF_PYTHON
