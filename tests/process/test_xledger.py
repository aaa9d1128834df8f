#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An entity of Xledger, as its operator has it: connected by a token, mirrored in every form that answers may have, edited by
others meanwhile, killed, shut out and let in again. What the ledger holds is asked of the simulator as another user."""
import datetime
import json
import os

from entity import ENTITY, COMPANY, TYPES, Entity
from killing import Twin, count_steps, home, kill_at, moments
from world import Deck, Simulator, case, check_sound, run_cases, same

@case
def test_every_form_of_answers(directory, chance):
    """Whatever the references leave open: the mirror is the ledger, after a full read and after changes."""
    entity = Entity(directory, {"sync.max_results": "25"}).begin()
    usual = {"xledger_dbid": "usual", "xledger_cursor": "dbid", "xledger_empty_edges": "null", "xledger_empty_root": "object",
             "xledger_repeat_record": "off", "xledger_page_end": "right", "xledger_deletion": "deleted", "xledger_current": "on",
             "xledger_page_timeout": "0", "xledger_validation_status": "200", "xledger_partial": "on"}
    forms = [{}, {"xledger_dbid": "reversed"}, {"xledger_cursor": "dotted"}, {"xledger_empty_edges": "list"}, {"xledger_empty_root": "null"},
             {"xledger_repeat_record": "on"}, {"xledger_page_end": "more"}, {"xledger_deletion": "deletion", "xledger_current": "off"},
             {"xledger_page_timeout": "12"}, {"xledger_validation_status": "400", "xledger_partial": "off"}]
    entity.deck.good("sync", "--all")
    entity.check()
    for number, form in enumerate(forms):
        print(form, flush=True)
        entity.simulator.switch(**{**usual, **form})
        entity.live(chance, number)
        entity.deck.good("sync", "--all")
        entity.simulator.switch(**usual)
        entity.check()
        entity.simulator.switch(**{**usual, **form})
        entity.deck.good("sync", "--all", "--full")
        entity.simulator.switch(**usual)
        entity.check()
    check_sound(entity.deck)


@case
def test_nothing_new_costs_one_call(directory, chance):
    entity = Entity(directory).begin()
    entity.deck.good("sync", "--all")
    before = entity.calls()
    for _ in range(3):
        entity.deck.good("sync", "--all")
    # One for the eight types that have lists of changes, and one each for accounts, products and tax rules, which have none.
    same(3 * 4, entity.calls() - before, "calls for all types, three times")
    # By itself each of these three is read once a day.
    every = {row["type"]: row["interval_s"] for row in entity.deck.rows("interval", entity.account)}
    same({"accounts", "products", "taxRules"}, {kind for kind in every if every[kind] == 86400}, every)
    same({900}, {every[kind] for kind in TYPES}, every)
    changed, gone = entity.live(chance, 1)
    before = entity.calls()
    entity.deck.good("sync", "--all")
    # What changed, the records themselves, and a look at each that is said to be gone.
    same(4 + 3, entity.calls() - before, "calls for changes in two types")
    same("Ærlig 1", entity.mirror("customers")[changed])
    assert gone not in entity.mirror("customers")
    history = entity.deck.rows("show", entity.account, "customers", changed, "--history")
    assert any(row.get("field") == "description" and row.get("after") == "Ærlig 1" for row in history), history


@case
def test_persons(directory, chance):
    """What is personal about an employee is printed only where it is asked for; the mirror has it."""
    entity = Entity(directory).begin()
    entity.deck.good("sync", "--all")
    of = ("show", entity.account, "employees")
    number, whole = next((id, raw) for id in sorted(entity.mirror("employees"))
                         for raw in [entity.deck.run(*of, id, "--raw", "--personal").out] if json.loads(raw)["email"])
    record = json.loads(whole)
    then = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    secrets = [text.encode() for text in (record["email"], record["contact"]["birthday"], record["compensationType"]["description"])]
    assert all(secrets) and all(secret in whole for secret in secrets), whole
    renamed = f'mutation {{ updateEmployees(inputs: [{{clientId: "0", node: {{dbId: {number}, email: "new.secret@example.org"}}}}]) {{ edges {{ node {{ dbId }} }} }} }}'
    entity.other(renamed)
    entity.deck.good("sync", "--all")
    secrets.append(b"new.secret@example.org")
    rows = ("objects", entity.account, "employees")
    for words in ((*of, number), (*of, number, "--json"), (*of, number, "--raw"), (*of, number, "--history"), (*of, number, "--history", "--json"),
                  (*of, number, "--as-of", then, "--json"), (*rows, "--columns", "id,email"), (*rows, "--json"), (*rows, "--csv")):
        result = entity.deck.run(*words)
        same(0, result.code, result)
        assert b"***" in result.out, result
        assert not any(secret in result.out for secret in secrets), result
    # The name stays, and all else is the same.
    masked = entity.deck.run(*of, number, "--json").json()["object"]
    same(record["description"], masked["title"])
    same("***", masked["raw"]["email"])
    same({name: value for name, value in json.loads(entity.deck.run(*of, number, "--raw", "--personal").out).items() if masked["raw"][name] != "***"},
         {name: value for name, value in masked["raw"].items() if value != "***"})
    for words in ((*rows, "--where", "email~secret"), (*rows, "--sort", "-email")):
        result = entity.deck.run(*words)
        same(2, result.code, result)
        assert b"'email' is personal and masked" in result.err, result
    for shown in (("--personal",), ("--set", "ui.personal=shown")):
        same([number], [row["id"] for row in entity.deck.rows(*rows, "--where", "email~secret", "--sort", "email", *shown)])
        assert b"new.secret@example.org" in entity.deck.good(*of, number, "--history", *shown).out


BENT = """provider = xledger
key      = dbId
zone     = central-european

[customers]
query   = customers
read    = delta
deleted = changes
time    = modifiedAt
title   = description
select  = company.dbId company.emial
select  = company
field   = code.part text listed
field   = address text as where
[products]
query = prodcts
read  = whole
[timesheets]
query   = timesheets
read    = delta
deleted = changes
title   = text
[things]
query   = companies
read    = delta
deleted = changes
time    = modifiedAt
extra   = deltas=thing_deltas owners=CURENT
"""


@case
def test_rows_against_the_ledger(directory, chance):
    """What is in the catalogue fits; what is bent is named with file and line; the ledger is asked once a day, or when it is said to."""
    entity = Entity(directory).begin()
    check = ("types", "--account", entity.account)
    before = entity.calls()
    result = entity.deck.run(*check)
    same(0, result.code, result)
    assert b"11 types of the catalogue fit what" in result.err, result
    same(1, entity.calls() - before, "calls for the schema")
    cache = os.path.join(entity.deck.home, ".cache/ledgerdeck")
    kept = os.path.join(cache, os.listdir(cache)[0])
    same(0o600, os.stat(kept).st_mode & 0o777)
    bent = os.path.join(directory, "bent.catalogue")
    with open(bent, "w") as file:
        file.write(BENT)
    # Without the ledger only the form is looked at.
    same(0, entity.deck.run("types", "--check", bent).code)
    result = entity.deck.run(*check, "--check", bent, "--json")
    same(2, result.code, result)
    said = {(int(row["place"].rpartition(":")[2]), row["type"], row["word"], row["path"]): row["what"] for row in result.json()["misfits"]}
    assert all(row["place"].startswith(bent) for row in result.json()["misfits"]), result
    same({(11, "customers", "select", "company.emial"), (13, "customers", "field", "code.part"), (14, "customers", "field", "address"),
          (16, "products", "query", None), (18, "timesheets", "extra", None), (28, "things", "extra", None), (26, "things", "deleted", None)}, set(said))
    for key, words in ((11, "Company has no 'emial', did you mean 'email'?"), (13, "'code' is a String, which has no parts"),
                       (14, "'address' is a whole Address: name a part of it, such as address."), (16, "no root 'prodcts', did you mean 'products'?"),
                       (18, "it needs ids=Int64String in 'extra'"), (28, "no OwnerSet 'CURENT', did you mean 'CURRENT'?"),
                       (26, "no root 'thing_deltas'")):
        assert any(place[0] == key and words in what for place, what in said.items()), (key, said)
    same(1, entity.calls() - before, "calls for it: what is kept does")
    same(1, len(entity.deck.run(*check, "products", "--check", bent, "--json").json()["misfits"]))
    # The schema changes underneath: noticed when it is asked again.
    entity.simulator.switch(xledger_dbid="reversed")
    same(0, entity.deck.run(*check).code)
    result = entity.deck.run(*check, "--refresh")
    same(2, result.code, result)
    assert b"11 things in 11 types do not fit" in result.err, result
    entity.simulator.switch(xledger_dbid="usual")
    # What is kept is of yesterday, or damaged, or no schema: it is asked for again.
    for number, text in enumerate(("ledgerdeck schema 1 1000000000000\n{}", "nonsense", "", "ledgerdeck schema 1 9999999999999\n{}")):
        with open(kept, "w") as file:
            file.write(text)
        same(0, entity.deck.run(*check).code)
        same(3 + number, entity.calls() - before, text)
    head = open(kept).read().partition("\n")[0]
    with open(kept, "w") as file:
        file.write(head + '\n{"types":[]}')
    same(0, entity.deck.run(*check).code)
    same(7, entity.calls() - before, "no schema")


@case
def test_rows_that_cannot_be_checked(directory, chance):
    entity = Entity(directory, companies=(COMPANY, "small,realm=1001"))
    token = entity.token()
    entity.account = entity.connect(token, "--expires", "2099-12-31").json()["connected"]["id"]
    books = entity.deck.connect(entity.simulator)
    for code, words, command in ((2, b"there is no account 'Nobody'", ("--account", "Nobody")), (2, b"name it with --account", ("--refresh",)),
                                 (2, b"rows of QuickBooks Online can't be held against the ledger", ("--account", books)),
                                 (2, b"no type 'Nonsense' of xledger", ("Nonsense", "--account", entity.account))):
        result = entity.deck.run("types", *command)
        same(code, result.code, result)
        assert words in result.err, result
    # A token that is not taken any more; what was asked before goes on to be good.
    entity.simulator.control("xledger/tokens", {"token": token}, method="DELETE")
    result = entity.deck.run("types", "--account", entity.account)
    same(7, result.code, result)
    assert not os.listdir(os.path.join(entity.deck.home, ".cache/ledgerdeck")), result
    same(0, entity.connect(entity.token(), "--account", entity.account).code)
    same(0, entity.deck.run("types", "--account", entity.account).code)
    same(7, entity.deck.run("types", "--account", entity.account, "--set", "vault.key_file=/nowhere", "--refresh").code)
    same(0, entity.deck.run("types", "--account", entity.account, "--set", "vault.key_file=/nowhere").code)


@case
def test_a_month_of_megabytes(directory, chance):
    """What a month brings is counted and told; when all is used the reading stops, and goes on where it was once there is more."""
    entity = Entity(directory, companies=(f"xledger,realm={ENTITY},customers=4000,invoices=6000",)).begin()
    result = entity.deck.run("sync", "--all", "--set", "xledger.month_megabytes=1")
    assert result.code != 0 and b"the month's megabytes down are used up: 1 of 1" in result.out, result
    row, = entity.deck.rows("accounts")
    assert 10 ** 6 <= row["received_bytes_this_month"] < 3 * 10 ** 6 and 1000 < row["sent_bytes_this_month"] < 10 ** 6, row
    listed = entity.deck.run("attention", "--set", "xledger.month_megabytes=1", "--json").json()["attention"]
    item, = (item for item in listed if item["cause"] == "budget")
    assert "megabytes down of xledger local are used up" in item["what"] and "raise xledger.month_megabytes" in item["do"], item
    assert not any(item["cause"] == "budget" for item in entity.deck.run("attention", "--json").json()["attention"])
    result = entity.deck.run("doctor", "--offline", "--set", "xledger.month_megabytes=1")
    assert b"1 megabytes down this month" in result.out, result
    before = entity.calls()
    entity.deck.run("sync", "--all", "--set", "xledger.month_megabytes=1")
    same(before, entity.calls(), "calls once the month is used up")
    entity.deck.good("sync", "--all")
    entity.check()
    assert entity.deck.rows("accounts")[0]["received_bytes_this_month"] > row["received_bytes_this_month"]
    check_sound(entity.deck)


@case
def test_the_same_page_for_ever(directory, chance):
    """It ends, it is told, and nothing that was mirrored goes."""
    entity = Entity(directory, {"sync.max_results": "10"}).begin()
    entity.deck.good("sync", "--all")
    entity.simulator.switch(xledger_page_end="repeat")
    result = entity.deck.run("sync", entity.account, "--type", "customers", "--full")
    assert result.code in (1, 4) and b"same page again and again" in result.out, result
    entity.simulator.switch(xledger_page_end="right")
    entity.check()
    entity.deck.good("sync", "--all", "--full")
    entity.check()
    check_sound(entity.deck)


@case
def test_what_vanishes(directory, chance):
    """A change of a record that nobody is shown any more: gone here, too, and back with the next change once it is shown again."""
    entity = Entity(directory).begin()
    entity.deck.good("sync", "--all")
    victim = max(entity.truth("customers"), key=int)
    entity.simulator.switch(xledger_vanish=victim)
    entity.simulator.control("xledger/deltas", {"entity": ENTITY, "type": "customers", "dbId": int(victim), "mutationType": "UPDATED"})
    entity.deck.good("sync", "--all")
    assert victim not in entity.mirror("customers")
    entity.simulator.switch(xledger_vanish="0")
    entity.simulator.control("xledger/deltas", {"entity": ENTITY, "type": "customers", "dbId": int(victim), "mutationType": "UPDATED"})
    entity.deck.good("sync", "--all")
    entity.check()


@case
def test_tokens(directory, chance):
    """A wrong one is none; one of another entity is not taken for this account; one that ends shuts it, a new one opens it."""
    entity = Entity(directory, companies=(COMPANY, "xledger,realm=778,customers=5,invoices=5"))
    for token, words in ((b"short", b"too short"), (b"two words of text", b"no token"), (b"abcdefghijklmnop", b"refused the token")):
        result = entity.deck.run("connect", "xledger", "--environment", "local", "--yes", input=token + b"\n")
        assert result.code in (2, 7) and words in result.err, (token, result)
    same([], entity.deck.rows("accounts"))
    for words in (("--expires", "2020-01-31"), ("--expires", "soon"), ("--listen",), ("--environment", "sandbox")):
        same(2, entity.connect(entity.token(), *words).code, words)
    token = entity.token()
    result = entity.connect(f'  "token {token}" ', "--expires", "2099-12-31")
    same(0, result.code, result)
    entity.account = result.json()["connected"]["id"]
    entity.deck.good("sync", "--all")
    # Withdrawn: told, and nothing is lost.
    entity.simulator.control("xledger/tokens", {"token": token}, method="DELETE")
    entity.live(chance, 1)
    result = entity.deck.run("sync", "--all")
    same(7, result.code, result)
    row, = entity.deck.rows("accounts")
    same("needs reconnect", row["state"], row)
    assert entity.deck.run("sync", "--all").code == 7
    # Another entity's is not taken for it.
    result = entity.connect(entity.token("778"), "--account", entity.account)
    assert result.code not in (0, 2), result
    same(1, len(entity.deck.rows("accounts")))
    result = entity.connect(entity.token(), "--account", entity.account, "--expires", "2099-12-31")
    same((0, True), (result.code, result.json()["connected"]["renewed"]), result)
    entity.deck.good("sync", "--all")
    entity.check()
    check_sound(entity.deck)
    # No token stands anywhere in clear.
    for place, _, names in os.walk(entity.deck.home):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                assert token.encode() not in file.read(), name


@case
def test_a_right_that_is_missing(directory, chance):
    """What the token may not read fails by itself and says why; all else goes on, changes too."""
    entity = Entity(directory)
    result = entity.connect(entity.token(scopes=["Customer", "Supplier"]))
    same(0, result.code, result)
    entity.account = result.json()["connected"]["id"]
    for number in range(2):
        result = entity.deck.run("sync", "--all")
        same(4, result.code, result)
        assert result.out.count(b"has no right to it") == 9, result
        for kind in "customers", "suppliers":
            same(entity.truth(kind), entity.mirror(kind), kind)
        entity.other(f'mutation {{ addCustomers(inputs: [{{clientId: "1", node: {{description: "Ny {number}", code: "N{number}"}}}}]) {{ edges {{ node {{ dbId }} }} }} }}')
    row, = entity.deck.rows("accounts")
    same("ok", row["state"], row)
    # With all rights the rest comes.
    same(0, entity.connect(entity.token(), "--account", entity.account).code)
    entity.deck.good("sync", "--all")
    entity.check()


@case
def test_killed(directory, chance):
    """Wherever a full read and one of changes end: the next goes on, and the mirror is the ledger."""
    entity = Entity(directory, {"sync.max_results": "10", "sync.workers": "2"}).begin()
    for changed in False, True:
        if changed:
            entity.deck.good("sync", "--all")
            entity.live(chance, 7)
        twins = Twin(entity.deck)
        for at, how in moments(chance, count_steps(twins.copy(), "sync", "--all")):
            twin = twins.copy()
            kill_at(twin, at, how, "sync", "--all")
            twin.good("sync", "--all")
            entity.check(twin)
            check_sound(twin)
            twins.drop(twin)


@case
def test_troubles(directory, chance):
    """Limits as the ledger has them, a slow network and half answers: waited for or told, and nothing is lost."""
    entity = Entity(directory, {"net.timeout": "5s"}, ("limits=on",)).begin()
    entity.deck.good("sync", "--all")
    entity.check()
    for number, trouble in enumerate(({"kind": "fault", "code": 3001}, {"kind": "status", "status": 503}, {"kind": "cut-body"}, {"kind": "truncate"},
                                      {"kind": "html"}, {"kind": "garbage"}, {"kind": "delay", "ms": 15000})):
        print(trouble, flush=True)
        entity.live(chance, number)
        entity.simulator.trouble(path="/graphql", **trouble)
        entity.deck.run("sync", "--all")
        entity.simulator.calm()
        entity.deck.good("sync", "--all")
        entity.check()
    check_sound(entity.deck)


@case
def test_a_type_by_one_file(directory, chance):
    """Another root with its fields, and no code; a field that is not there is named, and no other type waits for it."""
    entity = Entity(directory).begin()
    place = os.path.join(entity.deck.home, ".config", "ledgerdeck", "types")
    os.makedirs(place)
    path = os.path.join(place, "ours.catalogue")
    rows = ("provider = xledger\nkey = dbId\nzone = central-european\n\n[companies]\nquery = companies\nread = whole\ndeleted = sweep\n"
            "title = description\nfield = code text listed\nfield = description text listed\n")
    with open(path, "w") as file:
        file.write(rows)
    entity.deck.good("sync", "--all")
    found = entity.other("{ companies(first: 1000, ownerSet: CURRENT) { edges { node { dbId description } } } }")["companies"]["edges"]
    same({str(edge["node"]["dbId"]): edge["node"]["description"] for edge in found},
         {row["id"]: row["description"] for row in entity.deck.rows("objects", entity.account, "companies", "--limit", "100000")})
    # A root that may be missing has no records where it is, and is no failure.
    with open(path, "w") as file:
        file.write(rows + "\n[departments]\nquery = departments\nread = whole\ntitle = description\nextra = missing=ok\n")
    result = entity.deck.run("sync", "--all")
    assert result.code == 0 and b"departments: the ledger has no such list" in result.err, result
    same([], entity.deck.rows("objects", entity.account, "departments"))
    with open(path, "w") as file:
        file.write(rows + "field = colour text\n")
    result = entity.deck.run("sync", "--all")
    assert result.code == 4 and b'"colour"' in result.out, result
    entity.check()


if __name__ == "__main__":
    run_cases()
