# SPDX-License-Identifier: GPL-3.0-or-later
# Files that come in: what is told is what is kept, each refusal once, and a file that breaks off changes nothing.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
from books import *

HEAD = 'InvoiceNo,Customer,InvoiceDate,DueDate,Item(Product/Service),ItemAmount\n'


def row(number, amount, customer='C1', day='2026-11-02'):
    return '%s,%s,%s,2026-12-02,DESIGN,%s\n' % (number, customer, day, amount)


def run(books, path, *words, code=0):
    return books.run('import', path, '--organization', 'tenant-7', '--json', *words).must(code)


def told(books, path, *words, code=0):
    return [(each['external_id'], each['what']) for each in run(books, path, *words, code=code).json()['import']]


def kept(books):
    return {each['number']: each for each in books.json('sql', 'SELECT number, revision, total FROM resource ORDER BY no')['rows']}


def check_twice(books):
    """A number that comes again further down may be a document whose rows don't stand together: neither comes in, and each is told once."""
    path = books.write('twice.csv', HEAD + row('A-1', '10.00') + row('A-2', '20.00') + row('A-1', '30.00') + row('A-3', '5.00'))
    want = [('A-1', 'refused'), ('A-2', 'new'), ('A-1', 'refused'), ('A-3', 'new')]
    dry = told(books, path, code=3)
    expect('a dry run refuses both', dry == want, dry)
    expect('a dry run keeps nothing', kept(books) == {})
    wet = told(books, path, '--write', code=4)
    expect('what is written is what was shown', wet == want, wet)
    expect('neither is kept', list(kept(books)) == ['A-2', 'A-3'], kept(books))
    why = {each['line']: each['why'] for each in run(books, path, code=3).json()['import'] if each['what'] == 'refused'}
    expect('each names where the other stands', 'once more further down' in why[2] and 'on line 2' in why[4], why)
    text = books.run('import', path, '--organization', 'tenant-7').must(3)
    expect('people get the count of documents', '0 new, 0 changed, 2 the same, 2 refused' in text.err, text.err)


def check_again(books):
    path = books.write('again.csv', HEAD + row('B-1', '10.00') + row('B-2', '20.00'))
    expect('what is new is told', told(books, path, '--write') == [('B-1', 'new'), ('B-2', 'new')])
    expect('a second time changes nothing', told(books, path, '--write') == [('B-1', 'same'), ('B-2', 'same')])
    expect('no revision is made', kept(books)['B-1']['revision'] == '1', kept(books))
    books.write('again.csv', HEAD + row('B-1', '10.00') + row('B-2', '25.00'))
    expect('what changed is told', told(books, path, '--write') == [('B-1', 'same'), ('B-2', 'changed')])
    expect('and becomes a revision', kept(books)['B-2']['revision'] == '2', kept(books))


def check_broken(books):
    """A file that breaks off, however late, changes nothing: neither its first documents nor anything else."""
    before = kept(books)
    line = '{"type":"customer","external_id":"K%d","data":{"name":"Kestrel %d"}}\n'
    path = books.write('broken.json', '[' + ',\n'.join(line.strip() % (i, i) for i in range(2000)) + ',')
    result = run(books, path, '--write', code=2)
    expect('nothing is told of it', result.out == '', result.out[:200])
    expect('nothing of it is kept', kept(books) == before)
    path = books.write('unknown.csv', HEAD.replace('\n', ',Colour\n') + row('C-1', '1.00').replace('\n', ',red\n'))
    run(books, path, '--write', code=2)
    expect('a column that nobody knows keeps all out', kept(books) == before)


def check_pipe(books):
    result = books.run('import', '-', '--organization', 'tenant-7', '--write', '--json', text=HEAD + row('P-1', '7.00'))
    expect('what comes by a pipe comes in', [each['what'] for each in result.must().json()['import']] == ['new'])
    elsewhere = '{"type":"customer","external_id":"E1","organization":"tenant-9","data":{"name":"Else"}}\n'
    result = books.run('import', '-', '--organization', 'tenant-7', '--write', '--json', text=elsewhere).must(3)
    expect('what is of another organization is refused once', [each['what'] for each in result.json()['import']] == ['refused'])


def check_no_file(books):
    """A FIFO is not waited for, and what is no file is told as such, with the way to read a pipe."""
    os.mkfifo(books.path('fifo'))
    for path in (books.path('fifo'), books.directory):
        text = run(books, path, '--write', code=2).err
        expect('%s is refused' % path, "is not a file; with '-'" in text, text)


with Books() as books:
    books.make_vault()
    books.json('organizations', '--add', 'tenant-7')
    check_twice(books)
    check_again(books)
    check_broken(books)
    check_pipe(books)
    check_no_file(books)
end()
END_OF_PYTHON
