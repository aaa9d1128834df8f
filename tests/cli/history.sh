# SPDX-License-Identifier: GPL-3.0-or-later
# What a record was: every version with what changed in it, and the record as it was at a time, told honestly.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import sqlite3

from books import *

REALM = '4620055'


def as_other_user(books, path, body):
    request = urllib.request.Request('%s/simulator/as-other-user/v3/company/%s/%s' % (books.url, REALM, path), json.dumps(body).encode(),
                                     {'Content-Type': 'application/json', 'Accept': 'application/json'})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def at(seconds):
    """A time of the test's own: that many seconds after the mirror was whole."""
    return '2026-11-03T09:%02d:%02dZ' % (seconds // 60, seconds % 60)


def at_ms(books, seconds):
    with sqlite3.connect(books.store) as file:
        return file.execute("SELECT (strftime('%s', ?) + 0) * 1000", (at(seconds),)).fetchone()[0]


def move(books, record, seconds):
    """Versions get known times: the oldest first."""
    with sqlite3.connect(books.store) as file:
        no, = file.execute("SELECT record.no FROM record JOIN object ON object.no = record.object WHERE type = 'Invoice' AND id = ?",
                           (record,)).fetchone()
        older = [row[0] for row in file.execute('SELECT no FROM history WHERE record = ? ORDER BY no', (no,))]
        expect('as many versions as there are times', len(older) + 1 == len(seconds), older, seconds)
        for version, second in zip(older, seconds):
            file.execute('UPDATE history SET seen_ms = ? WHERE no = ?', (at_ms(books, second), version))
        file.execute('UPDATE record SET seen_ms = ? WHERE no = ?', (at_ms(books, seconds[-1]), no))
        file.execute("UPDATE object SET whole_ms = ? WHERE type = 'Invoice'", (at_ms(books, 0),))
    file.close()


def show(books, account, record, *words, code=0):
    return books.run('show', account, 'Invoice', record, *words).must(code)


def shown(books, account, record, *words):
    return json.loads(show(books, account, record, '--json', *words).out)['object']


def change(books, account, record):
    """Another number and another first line; then gone."""
    raw = json.loads(show(books, account, record, '--raw').out)
    line = dict(raw['Line'][0])
    line['Description'] = 'Changed \x1b[31m by hand'
    after = as_other_user(books, 'invoice', {'Id': record, 'SyncToken': raw['SyncToken'], 'sparse': True, 'PrivateNote': 'first note',
                                             'Line': [line] + raw['Line'][1:]})['Invoice']
    books.run('sync', account, '--type', 'Invoice').must()
    again = as_other_user(books, 'invoice', {'Id': record, 'SyncToken': after['SyncToken'], 'sparse': True, 'PrivateNote': 'second note'})
    books.run('sync', account, '--type', 'Invoice').must()
    as_other_user(books, 'invoice?operation=delete', {'Id': record, 'SyncToken': again['Invoice']['SyncToken']})
    books.run('sync', account, '--type', 'Invoice').must()
    return raw


def check_history(books, account, record):
    rows = books.json('show', account, 'Invoice', record, '--history')['history']
    whats = [row['what'] for row in rows]
    expect('newest first', whats[0] == 'deleted' and whats[-1] == 'first' and set(whats[1:-1]) == {'changed'}, whats)
    told = [(row['field'], row['before'], row['after']) for row in rows if row['what'] == 'changed' and not row['bookkeeping']]
    expect('field by field', told[0] == ('PrivateNote', 'first note', 'second note') and
           sorted(row[0] for row in told[1:]) == ['Line[1].Description', 'PrivateNote'] and
           'Changed \x1b[31m by hand' in [row[2] for row in told], told)
    expect('versions and their times are marked', {row['field'] for row in rows if row['bookkeeping']} ==
           {'SyncToken', 'MetaData.LastUpdatedTime'}, rows)
    table = show(books, account, record, '--history').out
    expect('people are not told of them', 'SyncToken' not in table and table.count('PrivateNote') == 2, table)
    expect('no control sequence reaches the terminal', '\x1b' not in table, table)
    expect('texts have no quotes', 'second note' in table and '"second note"' not in table, table)


def check_as_of(books, account, record, raw):
    move(books, record, [0, 60, 120, 180])
    expect('the first version', json.loads(show(books, account, record, '--raw', '--as-of', at(59)).out) == raw)
    then = shown(books, account, record, '--as-of', at(60))
    expect('the second, with its columns and until when', then['PrivateNote'] == 'first note' and then['seen_at'] == '2026-11-03T09:01:00.000Z' and
           then['until_at'] == '2026-11-03T09:02:00.000Z' and then['state'] == 'live' and then['raw']['PrivateNote'] == 'first note', then)
    then = shown(books, account, record, '--as-of', at(120))
    expect('the third', then['PrivateNote'] == 'second note', then)
    then = shown(books, account, record, '--as-of', '2026-11-03')
    expect('a day means all of it', then['state'] == 'deleted' and then['PrivateNote'] == 'second note' and then['until_at'] is None, then)
    now, then = shown(books, account, record), shown(books, account, record, '--as-of', '0s ago')
    expect('what is now is as of now', now == then, now, then)
    early = show(books, account, record, '--as-of', '2026-11-02', code=2).err
    expect('before the mirror nobody knows, but for what the ledger says', 'the ledger says that it was last changed at' in early, early)
    move(books, record, [30, 60, 120, 180])
    expect('it came later', 'the mirror has it since 2026-11-03T09:00:30Z' in show(books, account, record, '--as-of', at(29), code=2).err)
    early = show(books, account, record, '--as-of', '2019-01-01', code=2).err
    expect('nobody knows', 'nobody knows what was at' in early and 'all of Invoice since 2026-11-03T09:00:00Z' in early, early)


def check_list(books, account, record):
    move(books, record, [0, 60, 120, 180])

    def listed(*words):
        return books.json('objects', account, 'Invoice', *words)['objects']

    then = listed('--as-of', at(60))
    expect('what came later is not in it, what was changed later is as it was', [(row['id'], row['PrivateNote'], row['state']) for row in then] ==
           [(record, 'first note', 'live')] and then[0]['seen_at'] == '2026-11-03T09:01:00.000Z', then)
    expect('the columns of then are filtered', [len(listed('--as-of', at(seconds), '--where', 'PrivateNote~first')) for seconds in (0, 60, 120)] ==
           [0, 1, 0])
    expect('what was deleted is left out', listed('--as-of', at(180)) == [])
    gone = listed('--as-of', at(180), '--where', 'state:deleted')
    expect('and found when it is asked for', [row['PrivateNote'] for row in gone] == ['second note'], gone)
    for words in ([], ['--sort', '-TotalAmt'], ['--sort', 'title', '--limit', '3'], ['--where', 'TotalAmt>100', '--sort', 'changed']):
        expect('now is as it is', listed(*words) == listed('--as-of', '0s ago', *words) != [], words)
    early = books.run('objects', account, 'Invoice', '--as-of', '2026-11-02').must(2).err
    expect('nobody knows', 'nobody knows all that was at 2026-11-02T23:59:59Z' in early and 'since 2026-11-03T09:00:00Z' in early, early)
    expect('no time', '--as-of takes a time' in books.run('objects', account, 'Invoice', '--as-of', 'noon').must(2).err)
    expect('of a type that was not read', 'was not read completely yet' in
           books.run('objects', account, 'Estimate', '--as-of', '1d').must(2).err)


def check_address(books, account, record):
    pages = ('--set', 'quickbooks.web_local=https://books.example/app')
    expect('no page of the simulator', 'no address is known for Invoice in the local environment' in
           show(books, account, record, '--url', code=2).err)
    expect('where it is seen', books.run(*pages, 'show', account, 'Invoice', record, '--url').must().out ==
           'https://books.example/app/invoice?txnId=%s\n' % record)
    books.run('sync', account, '--type', 'Term').must()
    term = books.json('objects', account, 'Term', '--limit', '1')['objects'][0]['id']
    expect('a type without a page', 'no address is known for Term' in books.run(*pages, 'show', account, 'Term', term, '--url').must(2).err)
    with sqlite3.connect(books.store) as file:
        file.execute("UPDATE record SET id = '7&x=\x1b]' WHERE id = ? AND object = (SELECT no FROM object WHERE type = 'Invoice')", (record,))
    file.close()
    expect('a hostile id stays one value', books.run(*pages, 'show', account, 'Invoice', '7&x=\x1b]', '--url').must().out ==
           'https://books.example/app/invoice?txnId=7%26x%3D%1B%5D\n')


def check_refusals(books, account, record):
    expect('not both', 'goes without --as-of' in show(books, account, record, '--history', '--as-of', '1d', code=2).err)
    expect('not both', 'goes without' in show(books, account, record, '--history', '--raw', code=2).err)
    expect('no time', '--as-of takes a time' in show(books, account, record, '--as-of', 'noon', code=2).err)
    for words in (['--history'], ['--as-of', '1d'], []):
        expect('no record', 'no Invoice with id' in show(books, account, 'none', *words, code=2).err)


with Books('--company', 'small,realm=' + REALM, '--set', 'limits=off') as books:
    books.start_simulator()
    books.make_vault()
    account = books.connect('--json').must().json()['connected']['id']
    books.store = books.path('home/.local/share/ledgerdeck/ledgerdeck.db')
    books.run('sync', account, '--type', 'Invoice').must()
    record = books.json('objects', account, 'Invoice', '--limit', '1')['objects'][0]['id']
    raw = change(books, account, record)
    check_history(books, account, record)
    check_as_of(books, account, record, raw)
    check_refusals(books, account, record)
    check_list(books, account, record)
    check_address(books, account, record)
end()
END_OF_PYTHON
