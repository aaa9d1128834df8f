# SPDX-License-Identifier: GPL-3.0-or-later
# A person says which record of the ledger a document is: no second one is made, and no record is two documents.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
from books import *


def customers(*pairs):
    return json.dumps([{'type': 'customer', 'external_id': external_id, 'data': {'name': name}} for external_id, name in pairs])


def bring_in(books, organization, text):
    books.json('import', books.write('in.json', text), '--organization', organization, '--write')


def acts(books, account, external_id):
    """What a plan would do with it."""
    result = books.run('plan', account, '--resource', external_id, '--as-is', '--json')
    expect('a plan is made', result.code in (0, 3, 9), result.code, result.err)
    plan = books.json('plans')['plans'][0]['plan']
    return [(line['what'], line['reason'], line['record']) for line in books.json('plans', plan)['lines'] if line['external_id'] == external_id]


def refused(books, code, words, *parts):
    result = books.run(*words).must(code)
    expect('%s says why' % ' '.join(words), all(part in result.err for part in parts), result.err)


def check_link(books, account, one, other):
    expect('unlinked it would be new', acts(books, account, 'C1') == [('decide', 'approval', None)], acts(books, account, 'C1'))
    told = books.json('link', account, 'C1', one['id'])['link']
    expect('it is told what it is', (told['record_type'], told['record'], told['state']) == ('Customer', one['id'], 'linked'), told)
    what = acts(books, account, 'C1')
    expect('no other one is made', what and what[0][0] in ('update', 'same') and what[0][2] == one['id'], what)
    refused(books, 3, ('link', account, 'C1', other['id']), 'has already been assigned')
    refused(books, 3, ('link', account, 'C1', '--approve'), 'has already been assigned')
    refused(books, 3, ('link', account, 'C2', one['id']), 'linked to another resource')
    refused(books, 2, ('link', account, 'C2', 'nobody at all'), 'the mirror has no Customer')
    refused(books, 2, ('link', account, 'C9', one['id']), 'there is no document')
    refused(books, 2, ('link', account, 'C2'), 'which record is it')
    told = books.json('link', account, 'C2', other['title'].upper())['link']
    expect('a record is found by its name in any letter case', told['record'] == other['id'], told)


def check_elsewhere(books, account):
    """Documents of another organization don't reach the account, whatever they are called by."""
    books.json('organizations', '--add', 'tenant-7')
    bring_in(books, 'tenant-7', customers(('T1', 'Somebody Else')))
    id = books.run('sql', "SELECT id FROM resource WHERE external_id = 'T1'", '--json').json()['rows'][0]['id']
    refused(books, 2, ('link', account, 'T1', '1'), 'there is no document')
    refused(books, 3, ('link', account, id, '1'), 'another organization')
    refused(books, 3, ('link', account, id, '--approve'), 'another organization')


def check_unlink(books, account, one):
    told = books.json('unlink', account, 'C1')['link']
    expect('it is told', (told['record'], told['state']) == (None, 'not linked'), told)
    expect('it would be new again', acts(books, account, 'C1') == [('decide', 'approval', None)])
    refused(books, 2, ('unlink', account, 'C1'), 'is not linked')
    raw = books.run('show', account, 'Customer', one['id'], '--raw').must().json()
    expect('nothing in the ledger has changed', raw['SyncToken'] == one['version'], raw['SyncToken'], one['version'])


def check_approve(books, account):
    told = books.json('link', account, 'C1', '--approve')['link']
    expect('it is approved', (told['record'], told['state']) == (None, 'approved'), told)
    expect('a plan asks no more', acts(books, account, 'C1') == [('create', 'new', None)], acts(books, account, 'C1'))
    plan = books.json('plans')['plans'][0]['plan']
    books.run('apply', plan, '--queue')
    refused(books, 3, ('link', account, 'C1', '1'), 'in the outbox')
    audit = [row['what'] for row in books.json('audit')['audit']]
    expect('the audit has it all', [audit.count(what) for what in ('link', 'unlink', 'approve creation')] == [2, 1, 1], audit)


with Books('--company', 'small', '--set', 'limits=off') as books:
    books.start_simulator()
    books.make_vault()
    books.connect('--json').must()
    account = books.json('accounts')['accounts'][0]['id']
    books.run('sync', account).must()
    bring_in(books, books.json('organizations')['organizations'][0]['id'], customers(('C1', 'Zephyr Works'), ('C2', 'Yarrow Works')))
    one, other = books.json('objects', account, 'Customer')['objects'][:2]
    check_link(books, account, one, other)
    check_elsewhere(books, account)
    check_unlink(books, account, one)
    check_approve(books, account)
end()
END_OF_PYTHON
