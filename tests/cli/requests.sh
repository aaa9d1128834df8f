# SPDX-License-Identifier: GPL-3.0-or-later
# Sync requests: done in order, each by its method, with a reason for whoever waits, and nothing of a failed or skipped one written.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
from books import *

REALM = '4620055'


class Queue:
    """The requests of one organization, as its operator works with them."""

    def __init__(self, books, account):
        self.books, self.account = books, account
        self.organization = books.json('organizations')['organizations'][0]['id']

    def bring(self, type_name, external_id, method, resources, unconfirmed=False):
        """By import; the id of the request that was queued."""
        references = {}
        for each_type, each_id, data in resources:
            references.setdefault(each_type, {})[each_id] = {'data': data}
        text = json.dumps({'organization_external_id': self.organization, 'resource_type': type_name, 'resource_external_id': external_id,
                           'operation_method': method, 'without_create_confirmation': unconfirmed, 'references': references})
        self.books.json('import', self.books.write('request.json', text), '--account', self.account, '--write')
        return self.all()[0]['id']

    def customer(self, external_id, name, method='upsert', **options):
        return self.bring('customer', external_id, method, [('customer', external_id, {'name': name})], **options)

    def all(self, *words):
        result = self.books.run('requests', '--all', '--json', *words)
        expect('requests ends well', result.code in (0, 3), result.code, result.err)
        return result.json()['requests']

    def status(self, id):
        return [row['status'] for row in self.all() if row['id'] == id][0]

    def why(self, id):
        return [row['why'] or '' for row in self.all() if row['id'] == id][0]

    def members(self, id):
        result = self.books.run('requests', id, '--json')
        return {row['external_id']: (row['standing'], row['record'], row['why']) for row in result.json()['members']}

    def plan(self, *words):
        """What a plan would do: its id, and act and reason by external id."""
        self.books.run('plan', self.account, '--all', '--json', *words)
        plan = self.books.json('plans')['plans'][0]['plan']
        return plan, {line['external_id']: (line['what'], line['reason']) for line in self.books.json('plans', plan)['lines']}

    def apply(self):
        """All that can be written; what is held stays."""
        plan, lines = self.plan()
        applied = self.books.run('apply', plan, '--json')
        expect('it is applied', applied.code in (0, 4), applied.code, applied.err)
        return lines


def check_order(queue):
    """A payment with its customer: blocked, approved, written; what stands behind it waits."""
    first = queue.bring('payment', 'p1', 'create', [('payment', 'p1', {'customer': 'c1', 'date': '2026-11-02', 'amount_minor': 1999}),
                                                    ('customer', 'c1', {'name': 'Kestrel Joinery'})])
    expect('a new customer wants approval', queue.status(first) == 'blocked' and 'to be approved' in queue.why(first), queue.why(first))
    second = queue.customer('c2', 'Yarrow Works')
    expect('the next one waits for it', queue.status(second) == 'queued' and first in queue.why(second), queue.why(second))
    members = queue.members(first)
    expect('each member says what it waits for', (members['c1'][0], members['p1'][0]) == ('waits', 'waits') and 'c1' in members['p1'][2], members)
    queue.books.json('link', queue.account, 'c1', '--approve')
    expect('then it goes on', queue.status(first) == 'queued', queue.why(first))
    queue.apply()
    expect('and is done', queue.status(first) == 'succeeded' and queue.why(first) == '', queue.all())
    expect('the next one is looked at', queue.status(second) == 'blocked' and 'to be approved' in queue.why(second), queue.why(second))
    expect('all of it is there', {row[0] for row in queue.members(first).values()} == {'done'})
    queue.books.run('requests', '--skip', first).must(3)
    queue.books.run('requests', '--retry', second).must(3)
    queue.books.run('requests', '--skip', second).must(0)
    expect('what was skipped is left out', queue.plan()[1]['c2'] == ('skip', 'request'), queue.plan()[1])


def check_again(queue):
    """One that brings nothing new is not queued again; one that does is."""
    count = len(queue.all())
    first = queue.customer('c1', 'Kestrel Joinery')
    expect('another method is another request', len(queue.all()) == count + 1 and queue.status(first) == 'succeeded')
    queue.customer('c1', 'Kestrel Joinery')
    expect('the same is not', len(queue.all()) == count + 1)
    changed = queue.customer('c1', 'Kestrel & Sons')
    expect('a change is', queue.status(changed) == 'queued' and changed != first)
    queue.apply()
    expect('and is written', queue.status(changed) == 'succeeded', queue.why(changed))


def check_methods(queue, records):
    update = queue.customer('u1', 'Upland', 'update')
    expect('update needs a record', queue.status(update) == 'failed' and 'link' in queue.why(update), queue.why(update))
    held = queue.customer('h1', 'Heron', unconfirmed=True)
    expect('a failed one holds those behind it', update in queue.why(held), queue.why(held))
    lines = queue.plan()[1]
    expect('in plans, too', (lines['u1'], lines['h1']) == (('blocked', 'request'), ('blocked', 'request')), lines)
    queue.books.json('link', queue.account, 'u1', records[0])
    causes = [row for row in queue.books.run('attention', '--json').json()['attention'] if update in row['command']]
    expect('attention tells of it once', len(causes) == 1 and 'update customer' in causes[0]['what'] and 'link' in causes[0]['why'], causes)
    expect('it stays failed until it is retried', queue.status(update) == 'failed')
    queue.books.run('requests', '--retry', update[-8:]).must(0)
    expect('then it is only a plan away', queue.status(update) == 'queued', queue.why(update))
    lines = queue.apply()
    expect('without confirmation nobody is asked', (lines['u1'][0], lines['h1'][0]) == ('update', 'create'), lines)
    expect('both are done', (queue.status(update), queue.status(held)) == ('succeeded', 'succeeded'), queue.all())

    queue.books.json('import', queue.books.write('plain.json', json.dumps({'type': 'customer', 'external_id': 'k1', 'data': {'name': 'Kite'}})),
                     '--account', queue.account, '--write')
    queue.books.json('link', queue.account, 'k1', records[1])
    create = queue.customer('k1', 'Kite', 'create')
    expect('create refuses what is there', queue.status(create) == 'failed' and 'already' in queue.why(create), queue.why(create))
    expect('and writes nothing over it', queue.plan()[1]['k1'] == ('blocked', 'request'))
    queue.books.run('requests', '--skip', create).must(0)

    create = queue.customer('a1', 'Avocet', 'create')
    expect('a new one is to be approved', queue.status(create) == 'blocked', queue.why(create))
    queue.books.json('link', queue.account, 'a1', records[3])
    expect('a record that is chosen for it will do', queue.status(create) == 'queued', queue.why(create))
    lines = queue.apply()
    expect('it becomes that', lines['a1'][0] == 'update' and queue.status(create) == 'succeeded', lines, queue.why(create))

    find = queue.customer('f1', 'Falcon', 'find')
    expect('find creates nothing', queue.status(find) == 'failed' and 'only finds' in queue.why(find), queue.why(find))
    queue.books.json('link', queue.account, 'f1', records[2])
    queue.books.run('requests', '--retry', find).must(0)
    expect('once linked it is found', queue.status(find) == 'succeeded', queue.why(find))


def check_refused(queue):
    """The ledger's own word: somebody else took the name meanwhile."""
    books = queue.books
    request = queue.customer('r1', 'Raven Masonry', unconfirmed=True)
    plan, _ = queue.plan()
    body = json.dumps({'DisplayName': 'Raven Masonry'}).encode()
    call = urllib.request.Request('%s/simulator/as-other-user/v3/company/%s/customer' % (books.url, REALM), body,
                                  {'Content-Type': 'application/json', 'Accept': 'application/json'})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(call).close()
    books.run('apply', plan, '--json')
    known = books.run('sql', "SELECT status FROM request WHERE id = '%s'" % request, '--json').json()['rows'][0]['status']
    expect('apply has noted what came of it', known == '3', known)
    expect('it fails, with why', queue.status(request) == 'failed' and 'rejected' in queue.why(request), queue.why(request))
    expect('its member, too', queue.members(request)['r1'][0] == 'refused', queue.members(request))
    books.run('sync', queue.account).must()
    books.run('requests', '--retry', request)
    lines = queue.plan()[1]
    expect('retried it is planned by what is there now', lines['r1'] == ('decide', 'duplicate'), lines)
    expect('which a person decides', queue.status(request) == 'blocked', queue.why(request))
    books.run('requests', '--skip', request).must(0)


def check_nobody(books):
    """An organization without accounts: there is nothing to do."""
    books.json('organizations', '--add', 'tenant-7')
    text = json.dumps({'organization': 'tenant-7', 'resource_type': 'customer', 'resource_external_id': 'c1', 'operation_method': 'upsert',
                       'references': {'customer': {'c1': {'data': {'name': 'Kestrel'}}}}})
    books.json('import', books.write('request.json', text), '--organization', 'tenant-7', '--write')
    rows = books.json('requests', '--all', '--organization', 'tenant-7')['requests']
    expect('it succeeds at once', [row['status'] for row in rows] == ['succeeded'], rows)
    expect('and is of its own queue', len(books.json('requests', '--all')['requests']) > 1)
    books.run('requests', 'nothing').must(2)
    books.run('requests', '--readonly', '--skip', rows[0]['id']).must(2)
    books.run('requests', '--readonly').must(0)
    audit = [row['what'] for row in books.json('audit')['audit']]
    expect('what people did is in the audit', (audit.count('retry request'), audit.count('skip request')) == (3, 3), audit)


with Books('--company', 'small,realm=' + REALM, '--set', 'limits=off') as books:
    books.start_simulator()
    books.make_vault()
    books.connect('--json').must()
    account = books.json('accounts')['accounts'][0]['id']
    books.run('sync', account).must()
    queue = Queue(books, account)
    records = [row['id'] for row in books.json('objects', account, 'Customer')['objects'] if row['state'] == 'live']
    check_order(queue)
    check_again(queue)
    check_methods(queue, records)
    check_refused(queue)
    check_nobody(books)
end()
END_OF_PYTHON
