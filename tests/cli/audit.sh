# SPDX-License-Identifier: GPL-3.0-or-later
# What operators do is in the audit, with what was before and after, in order and without a gap.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
from books import *


def fits(row, account, words):
    """As the filter's words mean it, told anew for the ones that are used here."""
    known = {'what:vault': row['what'].startswith('vault'), 'account:otter': row['account_id'] == account,
             'what:sync': row['what'].startswith('sync'), 'who:nobody': False, 'until:1d': False,
             'generation': 'generation' in ' '.join([row['before'] or '', row['after'] or '']), 'what=refresh': row['what'] == 'refresh'}
    return all(known[word] for word in words)

with Books('--company', 'small') as books:
    books.start_simulator()
    books.make_vault()
    account = books.connect('--json').must().json()['connected']['id']
    books.run('sync', account, '--type', 'Customer,Term').must()
    books.run('sync', account, '--type', 'Term', LEDGERDECK__QUICKBOOKS__LOCAL_ADDRESS='http://127.0.0.1:9', LEDGERDECK__SYNC__TRIES='1').must(1)
    books.run('retry', '--all').must()
    books.run('refresh', account).must()
    books.run('sync', account, '--type', 'Term', '--sweep').must()
    books.connect('--account', account).must()
    books.run('vault', 'rotate').must()
    books.run('disconnect', account, '--yes').must()
    rows = books.json('audit')['audit']
    told = [(row['what'], row['before'], row['after'], row['account_id'] == account) for row in rows]
    expected = [
        ('vault init', None, 'key file', False), ('app credentials', None, 'local', False),
        ('connect begun', None, 'local', False), ('connect', None, 'Otter Creek Piano Tuning', True),
        ('sync', None, 'changes of Customer, Term', True), ('sync', None, 'changes of Term', True),
        ('retry', 'Term failed', 'changes of Term', True), ('refresh', 'generation 1', 'generation 2', True),
        ('sync', None, 'sweep of Term', True), ('connect begun', None, 'local', True),
        ('reconnect', 'known', 'Otter Creek Piano Tuning', True), ('vault rotate', None, 'a new key', False),
        ('vault rotate', None, 'old keys retired', False), ('disconnect', 'ok', 'revoked', True),
    ]
    for place, row in enumerate(expected):
        expect('row %d is %s' % (place + 1, row), place < len(told) and told[place] == row, told[place:place + 1])
    expect('there is no other', len(told) == len(expected), told[len(expected):])
    expect('each has its number and who did it', [row['id'] for row in rows] == list(range(1, len(rows) + 1)) and all(row['who'] for row in rows))
    expect('the newest come first when asked for', books.json('audit', '--newest', '--limit', '2')['audit'] == rows[:-3:-1])
    for words in (['what:vault'], ['account:otter', 'what:sync'], ['who:nobody'], ['until:1d'], ['generation', 'what=refresh']):
        found = books.json('audit', *sum((['--where', word] for word in words), []))['audit']
        expect('%s narrows it' % words, [row['id'] for row in found] == [row['id'] for row in rows if fits(row, account, words)], found)
    refusal = books.run('audit', '--where', 'state:failed')
    expect('what it has not is refused', refusal.code == 2 and 'the audit has no' in refusal.err, refusal.err)
    expect('the chain is sound', books.json('audit', '--verify')['audit'] == {'sound': True, 'rows': len(rows), 'first_broken': None})
end()
END_OF_PYTHON
