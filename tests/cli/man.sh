# SPDX-License-Identifier: GPL-3.0-or-later
# The pages and the example file name what the programs have, and nothing else: every option of --help, and of
# ledgerdeck every command, argument, setting and variable, from the tables that it prints.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The long options of a text, one per line.
options_of() {
	grep -o -e '--[a-z][a-z0-9-]*' "$1" | sort -u
}

check() { # program, relative to the build directory
	name=$(basename "$1")
	page=$SOURCE_DIR/man/$name.1
	test -e "$page" || page=$page.in
	if ! test -e "$page"; then
		echo "$name: no man page"
		failed=1
		return
	fi
	"./$1" --help >"$work/help" </dev/null || { echo "$name: --help failed"; failed=1; }
	sed -e '/^\.\\"/d' -e 's/\\-/-/g' -e 's/\\f[BIRP]//g' "$page" >"$work/page"
	options_of "$work/help" >"$work/in-help"
	options_of "$work/page" >"$work/in-page"
	test -s "$work/in-help" || { echo "$name: --help names no option"; failed=1; }
	missing=$(comm -23 "$work/in-help" "$work/in-page")
	if test -n "$missing"; then
		echo "$name: options of --help that its man page doesn't name:" "$missing"
		failed=1
	fi
}

for program in $MANUAL_PROGRAMS; do
	check "$program"
done

if command -v groff >/dev/null; then
	for page in "$SOURCE_DIR"/man/*; do
		groff -man -Tutf8 -ww -z "$page" 2>"$work/groff"
		test ! -s "$work/groff" || { cat "$work/groff"; failed=1; }
	done
fi

command -v python3 >/dev/null || {
	echo 'no python3: the tables were not compared'
	exit $failed
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli python3 - <<'END_OF_PYTHON' || failed=1
import re
from books import *


def plain(text):
    """What a reader sees of a line of a page."""
    text = re.sub(r'\\f[BIRP]|\\&', '', text).replace('\\-', '-').replace('\\e', '\\').replace('\\(aq', "'")
    found = re.match(r'\.(SH|SS|B|I|BR|RB|IR|RI|BI) (.*)', text)
    if not found:
        return '' if text.startswith('.') else text
    words = [quoted or word for quoted, word in re.findall(r'"([^"]*)"|(\S+)', found.group(2))]
    return ('' if len(found.group(1)) == 2 and found.group(1) not in ('SH', 'SS') else ' ').join(words)


class Page:
    """Its sections by their titles: a list of (heading, items), an item being [label, text]."""

    def __init__(self, path):
        self.sections, self.parts, items = {}, {}, None
        with open(path, encoding='utf-8') as file:
            lines = [line for line in file.read().split('\n') if not line.startswith(('.\\"', "'"))]
        labels = False
        for line in lines:
            if line.startswith('.SH '):
                title = plain(line)
                items = [['', '']]
                self.sections[title] = [('', items)]
            elif line.startswith('.SS '):
                items = [['', '']]
                self.sections[title].append((plain(line), items))
            elif line == '.TP':
                labels = True
            elif line == '.PP':
                items.append(['', ''])
            elif labels:
                items.append([plain(line), ''])
                labels = False
            elif items is not None:
                items[-1][1] = (items[-1][1] + ' ' + plain(line)).strip()


def same(what, program, page):
    program, page = list(program), list(page)
    expect('%s: the program and the page have the same' % what, program == page,
           'only the program: %s' % [one for one in program if one not in page],
           'only the page: %s' % [one for one in page if one not in program],
           'the program: %s' % program, 'the page: %s' % page)


def tells(what, text, help_text):
    expect('%s: the page says "%s"' % (what, help_text), help_text[1:].lower() in text.lower(), text)


# ---- ledgerdeck(1)

def label_of(row):
    if not row['value']:
        return row['argument']
    if row['value'].startswith('['):
        return '%s[=%s' % (row['argument'], row['value'][1:])
    return '%s %s' % (row['argument'], row['value'])


def check_items(what, rows, items):
    labels = [item for item in items if item[0]]
    same(what, [label_of(row) for row in rows], [re.sub(r'^-\w, ', '', item[0]) for item in labels])
    texts = {re.sub(r'^-\w, ', '', item[0]): item[1] for item in labels}
    for row in rows:
        text = texts.get(label_of(row), '')
        tells('%s %s' % (what, row['argument']), text, row['help'])
        if row['argument'].startswith('--'):
            expect('%s %s: may be repeated or not' % (what, row['argument']), row['repeatable'] == ('may be repeated' in text), text)


def usage_of(command, rows):
    words = [command]
    for row in rows:
        if not row['argument'].startswith('-'):
            word = row['argument'] + ('...' if row['repeatable'] else '')
            words.append(word if row['required'] else '[%s]' % word)
    if any(row['argument'].startswith('-') for row in rows):
        words.append('[OPTION]...')
    return ' '.join(words)


def check_commands(books):
    page = Page(SOURCE + '/man/ledgerdeck.1.in')
    table = books.json('help')['commands']
    common = books.json('help', 'version')['arguments']
    arguments = {row['command']: books.json('help', *row['command'].split())['arguments'] for row in table}
    own = {name: rows[:-len(common)] for name, rows in arguments.items()}
    for name, rows in arguments.items():
        expect('help %s ends with what all commands take' % name, rows[-len(common):] == common)
    check_items('the options of all commands', common, page.sections['OPTIONS'][0][1])
    parts = page.sections['COMMANDS'][1:]
    same('commands', [usage_of(name, rows) for name, rows in own.items()], [heading for heading, items in parts])
    for row in table:
        for heading, items in parts:
            if (heading + ' ').startswith(row['command'] + ' '):
                check_items(row['command'], own[row['command']], items)
                tells(row['command'], ' '.join(item[1] for item in items), row['summary'])
    text = ' '.join(books.run('--help').must().out.split('Exit status:')[1].split())
    same('exit status', re.findall(r'(\d+) [a-z]', text), [item[0] for item in page.sections['EXIT STATUS'][0][1] if item[0]])


# ---- ledgerdeck.conf(5)

UNITS = {'duration': ((86400, 'd'), (3600, 'h'), (60, 'm'), (1, 's')), 'size': ((1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K'))}


def with_unit(row, number):
    for factor, unit in UNITS.get(row['kind'], ()):
        if number and number % factor == 0:
            return '%d%s' % (number // factor, unit)
    return str(number)


def takes(row):
    if row['secret']:
        text = 'A secret'
    elif row['kind'] == 'word':
        text = 'One of ' + ', '.join(row['words'].split('|'))
    else:
        text = 'A ' + row['kind'] if row['kind'] not in ('duration', 'address') else {'duration': 'A time', 'address': 'An address'}[row['kind']]
        if row['words']:
            text += ' of ' + ', '.join(row['words'].split('|'))
    if row['max'] is not None:
        text += ' from %s to %s' % (with_unit(row, row['min']), with_unit(row, row['max']))
    return text + ('; built in: %s.' % row['built_in'] if row['built_in'] else '; not set.')


def check_settings(rows):
    page = Page(SOURCE + '/man/ledgerdeck.conf.5.in')
    parts = page.sections['SETTINGS'][1:]
    same('sections of settings', dict.fromkeys('[%s]' % row['setting'].split('.')[0] for row in rows), [heading for heading, items in parts])
    items = [item for heading, items in parts for item in items if item[0]]
    same('settings', [row['setting'] + ('' if row['local'] else ' *') for row in rows], [item[0] for item in items])
    texts = {item[0].split()[0]: item[1] for item in items}
    for row in rows:
        tells(row['setting'], texts.get(row['setting'], ''), row['help'] + '. ' + takes(row))
    names, lists = {False: {}, True: {}}, {False: {}, True: {}}
    for row in rows:
        expect('our own name of %s is the first' % row['setting'],
               row['variables'][0] == 'LEDGERDECK__' + row['setting'].upper().replace('.', '__'))
        for variable in row['variables'][1:]:
            names[False].setdefault(variable, []).append(row['setting'])
        for variable in row['file_variables']:
            names[True].setdefault(variable, []).append(row['setting'])
    file_only = False
    for label, text in page.sections['NAMES OF OTHER SERVICES'][0][1]:
        file_only = file_only or text.startswith('Names that any program may use')
        if label:
            lists[file_only][label] = re.findall(r'[a-z]+\.[a-z_]+', text)
    for which, what in ((False, 'the environment'), (True, '--env-file only')):
        same('names of other services from ' + what, sorted(names[which].items()), sorted(lists[which].items()))


# ---- the example file

def check_example(books, rows):
    with open(SOURCE + '/data/ledgerdeck.conf', encoding='utf-8') as file:
        text = file.read()
    section, found, above = '', [], ''
    for line in text.split('\n'):
        if line.startswith('['):
            section = line.strip('[]')
        setting = re.match(r'#(\w+) =(.*)', line)
        if setting:
            found.append((section + '.' + setting.group(1), setting.group(2).strip()))
            row = [row for row in rows if row['setting'] == found[-1][0]]
            if row:
                tells('the example file', above, row[0]['help'])
        elif line and not line.startswith('['):
            expect('the example file has comments only: ' + line, line.startswith('#'))
        above = line
    same('settings of the example file', [(row['setting'], row['built_in'] or '') for row in rows], found)
    # Taken as it stands it is in order, and so it is with every line made to count.
    books.write('home/.config/ledgerdeck/ledgerdeck.conf', text)
    expect('the example file changes nothing', books.json('settings')['settings'] == rows)
    books.write('home/.config/ledgerdeck/ledgerdeck.conf', re.sub(r'(?m)^#(\w+ =)', r'\1', text))
    for row in books.json('settings')['settings']:
        expect('%s is read from the example file, as it is built in' % row['setting'],
               row['value'] == row['built_in'] and '/ledgerdeck.conf:' in row['origin'], row)


with Books() as books:
    check_commands(books)
    rows = books.json('settings')['settings']
    check_settings(rows)
    check_example(books, rows)
end()
END_OF_PYTHON
exit $failed
