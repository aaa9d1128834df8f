# SPDX-License-Identifier: GPL-3.0-or-later
# The redirect page: it loads and allows nothing but itself, and what it shows for copying is what the program takes.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$SOURCE_DIR/tests/cli exec python3 - <<'END_OF_PYTHON'
import base64
import hashlib
import re
from books import *

with open(SOURCE + '/data/redirect-page/index.html', encoding='utf-8') as file:
    page = file.read()
script = re.search(r'<script>(.*?)</script>', page, re.S).group(1)
style = re.search(r'<style>(.*?)</style>', page, re.S).group(1)


def check_policy():
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    for name, text in (('script', script), ('style', style)):
        allowed = "%s-src 'sha256-%s'" % (name, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())
        expect('the policy allows the %s that is there' % name, allowed in policy, 'put in: ' + allowed)
    expect('the policy forbids the rest', policy.startswith("default-src 'none'; ") and policy.count("'sha256-") == 2 and
           'unsafe' not in policy and '*' not in policy, policy)
    expect('no referrer is sent', '<meta name="referrer" content="no-referrer">' in page)
    markup = page.replace(script, '').replace(style, '')
    expect('nothing is loaded and nothing leads away', not re.search(r'\s(src|href|srcset|action|on\w+|style)\s*=|<(link|iframe|form|a)\b', markup) and
           not re.search(r'url\(|@import', style))
    expect('nothing is sent', not re.search(r'fetch|XMLHttpRequest|sendBeacon|WebSocket|localStorage|cookie|innerHTML', script))
    expect('it says what to do without scripts', '<noscript>' in page)


def answers(queries):
    """What the page would show for each, by its own script."""
    ending = ';process.stdout.write(JSON.stringify(%s.map(answerOf)))' % json.dumps(queries)
    result = subprocess.run(['node', '-'], input=script + ending, stdout=subprocess.PIPE, encoding='utf-8', check=True)
    return json.loads(result.stdout)


def line_of(url):
    return answers(['?' + url.split('?', 1)[1]])[0]['line']


def paste(books, text_of, *words):
    """Consent, then what `text_of` makes of the address is pasted."""
    return books.connect('--json', *words, paste=text_of)


def check_texts():
    whole = 'code=AB11abcdefgh12345&state=s%s&realmId=123' % ('x' * 42)
    queries = ['?' + whole, '', '?state=abc&realmId=1', '?code=abcdefghij&state=abc', '?error=access_denied&state=abc',
               '?error=%3Cb%3Eserver_error&state=abc', '?code=a&code=b', '?code=%zz', '#' + whole]
    good, empty, no_code, no_realm, refused, error, twice, cut, fragment = answers(queries)
    expect('a whole answer has a line', not good['failed'] and re.match(r'ACC1\.[\w-]+\.[0-9a-f]{8}$', good['line']), good)
    expect('so has one in the fragment', fragment['line'] == good['line'], fragment)
    for answer, words in ((empty, 'ledgerdeck connect quickbooks'), (no_code, 'the code'), (no_realm, 'company id'), (refused, 'refused'),
                          (error, 'server_error'), (twice, '"code" twice'), (cut, 'missing')):
        expect('what is wrong is said (%s)' % words, answer['failed'] and words in ' '.join(answer['text']), answer)
    for answer in (empty, no_code, no_realm, twice, cut):
        expect('half an answer has no line', not answer.get('line'), answer)
    expect('what was sent is shown without its signs', '<' not in ' '.join(error['text']), error)


def check_with_program(books):
    books.start_simulator()
    books.make_vault()
    done = paste(books, line_of).must()
    expect('the line connects', done.out and done.json()['connected']['renewed'] is False, done.out)
    account = done.json()['connected']['id']
    paste(books, lambda url: '\n  ' + re.sub(r'(.{40})', r'\1\n', line_of(url)) + '\n', '--account', account).must()
    # Without its end it is waited for, with another letter it is refused: neither is sent anywhere.
    result = paste(books, lambda url: line_of(url)[:-3], '--account', account)
    expect('a line that is cut is told', result.code == 2 and 'not all of it' in result.err, result.code, result.err)
    result = paste(books, lambda url: line_of(url).replace('ACC1.', 'ACC1.A', 1), '--account', account)
    expect('a line that was changed is told', result.code == 2 and 'checksum' in result.err, result.code, result.err)
    # The refusal of a person in the browser reaches the terminal.
    refusal = lambda url: answers(['?error=access_denied&' + re.search(r'state=[^&]*', url).group(0)])[0]['line']
    result = paste(books, refusal, '--account', account)
    expect('a refusal is told', result.code == 7 and 'consent was refused' in result.err, result.code, result.err)


check_policy()
if not shutil.which('node'):
    print('no node: the script was not run')
    sys.exit(1 if failures else 77)
check_texts()
with Books('--company', 'small') as books:
    check_with_program(books)
end()
END_OF_PYTHON
