# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write: settings, commands, flags, and what they paste while they connect a company. Each mistake is named,
with where it stands and what is meant, and nothing is changed by it."""
import json
import os
import re
import urllib.parse

from between import Answer, Between
from world import Deck, Simulator, case, check_sound, dump, refuse, run_cases, same


@case
def test_settings(directory, chance):
    deck = Deck(directory, "http://127.0.0.1:9")
    deck.good("vault", "init")
    before = dump(deck.store)
    path = os.path.join(directory, ".config/ledgerdeck/ledgerdeck.conf")
    whole = open(path).read()
    for lines, at, words in (
            ("[sync]\nintervall = 5m", 2, "no setting 'sync.intervall'; did you mean 'sync.interval'"),
            ("[snyc]\ninterval = 5m", 2, "no setting 'snyc.interval'; did you mean 'sync.interval'"),
            ("[sync]\n\n# a note\ninterval = soon", 4, "'sync.interval' is 'soon', but must be a time such as"),
            ("[sync]\nworkers = 0", 2, "must lie between 1 and 64"),
            ("[sync]\nworkers = 99999999999999999999", 2, "'sync.workers' is '99999999999999999999', but must"),
            ("[sync]\nworkers = 4 threads", 2, "must be a whole number"),
            ("[log]\nlevel = loud", 2, "error.*warn.*info.*debug"),
            ("[sync\ninterval = 5m", 1, "neither '.section.' nor 'name = value'"),
            ("[sync]\ninterval", 2, "neither '.section.' nor 'name = value'"),
            ("interval = 5m", 1, "no setting 'interval'"),
            ("[vault]\npassphrase = x", 2, "taken from no setting"),
            ("[net]\nproxy = http://me:pass@there", 2, "'<hidden>', but must be an address of .* without user and password"),
            ("[quickbooks]\nlocal_address = http://example.com", 2, "https address or http to this machine"),
            ("[sync]\nworkers = 4\x1b[31m", 2, "must be one line of text")):
        with open(path, "w") as file:
            file.write(lines + "\n")
        refuse(deck, 2, re.escape(f"{path}:{at}: ") + ".*" + words, "status")
    with open(path, "wb") as file:
        file.write(b"\xff\xfe\x00[sync]")
    refuse(deck, 2, "is no text: it holds a NUL byte", "status")
    with open(path, "w") as file:
        file.write(whole)
    for flag, words in (("sync.wokers=3", "no setting 'sync.wokers'; did you mean 'sync.workers'"), ("sync.workers", "NAME=VALUE"),
                        ("sync.workers=x", "must be a whole number"), ("quickbooks.client_secret=x", "argument lists are public")):
        refuse(deck, 2, words, "--set", flag, "status")
    deck.extra = {"LEDGERDECK__SYNC__WOKERS": "3"}
    refuse(deck, 2, "environment LEDGERDECK__SYNC__WOKERS: .*did you mean 'sync.workers'", "status")
    deck.extra = {}
    refuse(deck, 2, "cannot open 'none': No such file", "--env-file", "none", "status")
    with open(os.path.join(directory, ".ledgerdeck.conf"), "w") as file:
        file.write("[vault]\nkey_file = elsewhere\n")
    refuse(deck, 2, r"\.ledgerdeck\.conf:2: .*vault.key_file", "status")
    same(before, dump(deck.store), "the store")


@case
def test_commands(directory, chance):
    deck = Deck(directory, "http://127.0.0.1:9")
    deck.good("vault", "init")
    before = dump(deck.store)
    for command, words in (
            ("synk --all", "no command 'synk'; did you mean 'sync'"), ("vault rotat", "no command 'vault rotat'; did you mean 'vault rotate'"),
            ("vault", "needs another word"), ("sync --al", "no option '--al', did you mean '--all'"),
            ("log --stat failed", "no option '--stat', did you mean '--state'"), ("--jsn status", "no option '--jsn', did you mean '--json'"),
            ("status --jason", "no option '--jason', did you mean '--json'"), ("sync --all=yes", "'--all' takes no value"),
            ("sync --type", "'--type' needs a value"), ("sync", "which accounts"), ("sync --all x", "not both"),
            ("sync --all --full --sweep", "one at a time"), ("show a b", "'show' needs ID"), ("sql", "'sql' needs STATEMENT"),
            ("connect", "'connect' needs PROVIDER"), ("connect xero", "no provider 'xero'"), ("types Custmer", "did you mean 'Customer'"),
            ("connect quickbooks --environment moon", "production, sandbox and local"), ("status x", "no account 'x'"),
            ("log --since yesterday", "'yesterday'"), ("log --limit -1", "'-1'"), ("log --limit 99999999999999999999", "number"),
            ("log --state odd", "'odd'"), ("retry abc", "'abc'"), ("retry 99999999999999999999", "99999999999999999999"),
            ("settings sync.intervall", "did you mean 'sync.interval'"), ("audit --after x", "'x'"), ("--readonly vault rotate", "readonly"),
            ("help synk", "did you mean 'sync'"), ("sync --all --type Custmer", "did you mean 'Customer'"), ("--csv", "which command")):
        refuse(deck, 2, words, *command.split())
    for statement, words in (("SELEC 1", "syntax error"), ("SELECT * FROM nowhere", "no such table"), ("DELETE FROM account", "only reading"),
                             ("SELECT 1; SELECT 2", "one statement"), ("", "no statement|needs a value|empty"),
                             ("PRAGMA user_version = 7", "only reading"), ("ATTACH 'x' AS y", "only reading"),
                             ("SELECT load_extension('x')", "not authorized|no such function|only reading")):
        refuse(deck, 2, words, "sql", statement)
    # For programs the same as one line of JSON.
    result = deck.run("--json", "synk")
    same((2, b""), (result.code, result.out))
    error = json.loads(result.err)["error"]
    assert error["exit"] == 2 and "did you mean" in error["message"], error
    same(before, dump(deck.store), "the store")


class Attempt:
    """A company that waits to be connected, and what its user may paste."""

    def __init__(self, directory, *options, **more):
        self.simulator = Simulator(directory, "--set", "limits=off", *options, **more)
        self.between = Between(self.simulator)
        self.deck = Deck(directory, self.between.url)
        self.deck.good("vault", "init")

    def begin(self, *words):
        """The address that the browser ends on after consent."""
        said = self.deck.run("connect", "quickbooks", *words).text
        return self.simulator.consent(next(line for line in said.splitlines() if line.startswith("http")))

    def paste(self, code, words, text, *more):
        """Nothing is connected by it."""
        before = self.deck.rows("accounts")
        result = self.deck.run("connect", "quickbooks", "--resume", "--yes", *more, input=text.encode() + b"\n")
        line = result.text.splitlines()[-1]
        print(f"  {text[:40]!r}: exit {result.code}: {line}", flush=True)
        same(code, result.code, result)
        assert re.search(words, result.text), f"{words!r} is not in {result.text!r}"
        same([row["id"] for row in before], [row["id"] for row in self.deck.rows("accounts")], "accounts")

    def good(self, text, *more):
        result = self.deck.run("connect", "quickbooks", "--resume", "--yes", *more, input=text.encode() + b"\n")
        same(0, result.code, result)


def changed(address, **members):
    parts = urllib.parse.urlsplit(address)
    query = {**dict(urllib.parse.parse_qsl(parts.query)), **members}
    query = {name: value for name, value in query.items() if value is not None}
    return urllib.parse.urlunsplit(parts._replace(query=urllib.parse.urlencode(query)))


@case
def test_pastes(directory, chance):
    attempt = Attempt(directory)
    good = attempt.begin()
    query = good.split("?", 1)[1]
    for text, words in (
            ("", "not all of it"), ("hello", "neither an address, nor a code"),
            ("http://127.0.0.1/other?code=1&state=2", "this address is"), ("https://accounts.intuit.com/app/sign-in?x=1", "sign-in page"),
            (good.split("?")[0], "no code in that address"), (good[:-3] + "%", "'%' that is followed by no code"),
            (good + "&" + query, "twice"), (changed(good, realmId="12x"), "company id in the address is not a number"),
            (changed(good, realmId=None), "company id is missing"), (changed(good, code=None), "no code"),
            (changed(good, state="A" * 43), "belongs to another attempt"), (changed(good, state=None), "state|another attempt"),
            ("eyJ" + "a" * 200 + ".b", "access token, not a code; it was thrown away"), ("x" * 70000, "too much|longer than"),
            ("\x1b[31m", "neither an address, nor a code"), ("ACC1.abc.00000000", "checksum is wrong")):
        attempt.paste(2, words, text)
    # Broken over lines, with blanks and quotes, it is still the same.
    attempt.good('  "' + good[:40] + "\n" + good[40:90] + "\r\n   " + good[90:] + '"')
    # Used up: nothing is left to be resumed.
    attempt.paste(2, "no unfinished attempt", good)
    check_sound(attempt.deck)


@case
def test_codes_and_consent(directory, chance):
    attempt = Attempt(directory)
    good = attempt.begin()
    attempt.paste(7, "consent was refused in the browser", changed(good, code=None, realmId=None, error="access_denied"))
    good = attempt.begin()
    attempt.simulator.control("clock", {"step_s": 601})
    attempt.paste(7, "used already or is too old", good)
    attempt.simulator.control("clock", {"step_s": -601})
    good = attempt.begin()
    attempt.good(good)
    # Somebody else has used the code: what the ledger says counts.
    good = attempt.begin()
    form = {"grant_type": "authorization_code", "code": dict(urllib.parse.parse_qsl(good.split("?", 1)[1]))["code"],
            "client_id": "simulator-client",
            "client_secret": "simulator-secret", "redirect_uri": good.split("?")[0]}
    attempt.simulator.ask("/oauth2/v1/tokens/bearer", urllib.parse.urlencode(form).encode(), json_type="application/x-www-form-urlencoded")
    attempt.paste(7, "used already or is too old", good)


@case
def test_wrong_company(directory, chance):
    attempt = Attempt(directory, companies=("small,realm=1001,name=Acme", "small,realm=1002,name=Beta"))
    attempt.good(attempt.begin())
    account = attempt.deck.rows("accounts")[0]
    attempt.deck.good("sync", account["id"], "--type", "Customer")
    # The browser is signed in to another company.
    good = attempt.begin("--account", account["id"])
    assert "realmId=1002" in good, good
    attempt.paste(3, "you signed in to 'Beta', but this account is 'Acme'", good)
    same([account["name"], "ok"], [attempt.deck.rows("accounts")[0][name] for name in ("name", "state")])
    # The address says one company, the ledger another.
    good = attempt.begin()
    attempt.paste(7, ".", changed(good, realmId="1001" if "realmId=1002" in good else "1002"))
    for answer, code in ((Answer("<html>", 200, "text/html"), 1), (Answer("", 500), 1), (Answer("{}", 200), 1), (Answer("", 403), 7)):
        good = attempt.begin()
        with attempt.between.ruled(lambda asked, forward, answer=answer: answer if "/v3/company/" in asked.path else None):
            attempt.paste(code, ".", good)
    check_sound(attempt.deck)


@case
def test_wrong_app(directory, chance):
    attempt = Attempt(directory)
    secret = os.path.join(directory, "env")
    with open(secret, "w") as file:
        file.write("QB_CLIENT_ID=simulator-client\nQB_CLIENT_SECRET=not-the-secret\n")
    os.chmod(secret, 0o600)
    good = attempt.begin("--env-file", secret)
    attempt.paste(2, "client id or secret is wrong", good)
    refuse(attempt.deck, 2, "no client id", "connect", "quickbooks", "--client-id", "two words")
    refuse(attempt.deck, 2, "not allowed", "connect", "quickbooks", "--redirect", "https://example.com/elsewhere")
    refuse(attempt.deck, 2, "can't be used for production", "connect", "quickbooks", "--environment", "production", "--listen",
           "--client-id", "ABcdefgh", input=b"secret\n")
    # Answers of the sign-in that make no sense: no tokens are kept.
    for body in ("", "{}", "[]", '{"access_token":"x"}', '{"access_token":"","refresh_token":"","expires_in":3600}',
                 '{"access_token":"a\\u0000b","refresh_token":"c","expires_in":3600}', "<html>", "x" * 200000):
        good = attempt.begin()
        with attempt.between.ruled(lambda asked, forward, body=body: Answer(body) if asked.method == "POST" else None):
            attempt.paste(5, "nobody knows whether the code was taken; begin a new attempt", good)
    same("0", attempt.deck.sql("SELECT count(*) AS n FROM sealed WHERE kind IN ('access', 'refresh')")[0]["n"])


if __name__ == "__main__":
    run_cases()
