# SPDX-License-Identifier: GPL-3.0-or-later
# What a sweep does not find is not taken for deleted at the first look, and the log says that it looks again.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import urllib.parse

from books import *


def as_other_user(books, realm, path, body):
    request = urllib.request.Request('%s/simulator/as-other-user/v3/company/%s/%s' % (books.url, realm, path), json.dumps(body).encode(),
                                     {'Content-Type': 'application/json', 'Accept': 'application/json'})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


with Books('--company', 'small,realm=4620055', '--set', 'limits=off') as books:
    books.start_simulator()
    books.make_vault()
    account = books.connect('--json').must().json()['connected']['id']
    books.run('sync', account, '--type', 'Invoice').must()
    first = books.json('objects', account, 'Invoice', '--limit', '1')['objects'][0]
    record = json.loads(books.run('show', account, 'Invoice', first['id'], '--raw').must().out)
    as_other_user(books, '4620055', 'invoice?operation=delete', {'Id': record['Id'], 'SyncToken': record['SyncToken']})
    books.run('sync', account, '--type', 'Invoice', '--sweep').must()
    row = books.json('log', '--limit', '1')['log'][0]
    expect('the first look deletes nothing and says so', row['deleted'] == 0 and row['result'] == 'ok' and
           '1 record was not found' in (row['detail'] or ''), row)
    state = books.json('status', account, '--type', 'Invoice')['status'][0]
    expect('it is looked at again', state['sweep_due'] and state['deleted'] == 0, state)
end()
END_OF_PYTHON
