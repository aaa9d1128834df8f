# SPDX-License-Identifier: GPL-3.0-or-later
# Documents that go out as QuickBooks imports them: whole files that come back equal, codes by their names, nothing left out in
# silence.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import csv

from books import *

HEAD = 'InvoiceNo,Customer,InvoiceDate,DueDate,Item(Product/Service),ItemAmount\n'


def bring_in(books, name, text, organization='tenant-7'):
    return books.json('import', books.write(name, text), '--organization', organization, '--write')


def export(books, *words, code=0, owner=('--organization', 'tenant-7')):
    return books.run('export', *owner, *words).must(code)


def read(path):
    with open(path, encoding='utf-8-sig', newline='') as file:
        return list(csv.DictReader(file))


def check_csv(books):
    """250 invoices: three files, which come back as what they were."""
    rows = ''.join('N%03d,C1,2026-11-%02d,2026-12-24,DESIGN,%d.50\n' % (i, i % 30 + 1, i) for i in range(250))
    bring_in(books, 'many.csv', HEAD + rows)
    out = books.path('out')
    os.mkdir(out)
    words = ('--format', 'quickbooks-csv', '--type', 'invoice', '--to', out)
    told = [row for row in json.loads(export(books, *words, '--json').out)['export'] if row['what'] == 'file']
    expect('three files', [(os.path.basename(row['file']), row['documents']) for row in told] ==
           [('invoices-1.csv', 100), ('invoices-2.csv', 100), ('invoices-3.csv', 50)], told)
    expect('nothing else is left there', sorted(os.listdir(out)) == ['invoices-%d.csv' % i for i in (1, 2, 3)], os.listdir(out))
    first = read(told[0]['file'])[0]
    expect('dates as QuickBooks takes them', first['*InvoiceDate'] == '11/01/2026', first)
    for row in told:
        back = books.json('import', row['file'], '--organization', 'tenant-7', '--type', 'invoice')['import']
        expect('%s comes back equal' % row['file'], {each['what'] for each in back} == {'same'}, back[:3])
    refused = export(books, *words, code=2)
    expect('what is there stays', '--force' in refused.err, refused.err)
    export(books, *words, '--force', '--iso-dates')
    expect('unless it is to be replaced', read(told[0]['file'])[0]['*InvoiceDate'] == '2026-11-01')
    refused = export(books, *words[:-1], '-', code=2)
    expect('several files are not printed one behind the other', refused.out == '' and '--to' in refused.err, refused.out[:100], refused.err)


def check_names(books, account):
    """Codes by the account's rules and by the names of resources."""
    organization = books.json('organizations')['organizations'][0]['id']
    bring_in(books, 'customer.json', '{"type":"customer","external_id":"K7","data":{"name":"Kestrel Joinery"}}', organization)
    bring_in(books, 'named.csv', HEAD + 'M-1,K7,2026-11-02,2026-12-02,DESIGN,100.00\nM-2,Other,2026-11-02,2026-12-02,OWN,5.00\n', organization)
    item = [row for row in books.json('map', account, '--candidates', 'item')['candidates']][0]
    books.run('map', account, '--rule', 'item:DESIGN=' + item['record'])
    result = export(books, '--format', 'quickbooks-csv', '--type', 'invoice', '--to', '-', owner=(account,))
    rows = list(csv.DictReader(result.out.lstrip('\ufeff').splitlines()))
    expect('a resource has its own name', [row['*Customer'] for row in rows] == ['Kestrel Joinery', 'Other'], rows)
    expect('a rule gives the ledger\'s', [row['Item(Product/Service)'] for row in rows] == [item['name'], 'OWN'], rows)


def check_iif(books):
    bring_in(books, 'small.json', '[{"type":"customer","external_id":"C1","data":{"name":"Acme & Sons"}}]', 'tenant-8')
    invoices = [{'type': 'invoice', 'external_id': 'V%d' % i, 'data': {'customer': 'C1', 'date': '2026-11-02', 'due_date': '2026-12-02', 'department': 'North',
                 'voided': i == 1, 'lines': [{'item': 'W', 'amount': '12.50'}]}} for i in (1, 2)]
    bring_in(books, 'void.json', json.dumps(invoices), 'tenant-8')
    owner = ('--organization', 'tenant-8')
    result = export(books, '--format', 'iif', '--type', 'invoice', '--to', '-', '--income', 'Fees', code=4, owner=owner)
    rows = [line.split('\t') for line in result.out.splitlines()]
    amounts = [float(row[rows[0].index('AMOUNT')]) for row in rows if row[0] in ('TRNS', 'SPL')]
    expect('one transaction that makes zero', len(amounts) == 2 and sum(amounts) == 0, rows)
    expect('the account that was given', any('Fees' in row for row in rows), rows)
    expect('the customer by its name', any('Acme & Sons' in row for row in rows), rows)
    expect('what is void is told', 'V1 was left out: it is void.' in result.err, result.err)
    expect('what has no place is told', 'V2: the file has no place for department' in result.err, result.err)
    export(books, '--format', 'iif', '--type', 'customer', '--to', books.path('absent'), code=2, owner=owner)
    export(books, '--format', 'iif', '--type', 'bill', code=2, owner=owner)
    export(books, '--format', 'parquet', '--type', 'invoice', code=2, owner=owner)
    nothing = export(books, '--format', 'quickbooks-csv', '--type', 'customer', '--to', books.directory, owner=('--organization', 'tenant-9'))
    expect('nothing makes no file', '0 customers in 0 files' in nothing.err, nothing.err)


with Books('--company', 'small', '--set', 'limits=off') as books:
    books.start_simulator()
    books.make_vault()
    for each in ('tenant-7', 'tenant-8', 'tenant-9'):
        books.json('organizations', '--add', each)
    check_csv(books)
    check_iif(books)
    books.connect('--json').must()
    account = books.json('accounts')['accounts'][0]['id']
    books.run('sync', account).must()
    check_names(books, account)
end()
END_OF_PYTHON
