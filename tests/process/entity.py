# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of Xledger have in common: an entity, a home that is connected to it, and what the ledger holds."""
import json
import os
import shutil

from killing import home
from world import Deck, Simulator, same

ENTITY = "777"
COMPANY = f"xledger,realm={ENTITY},customers=30,invoices=40"
# Each type, and the field by which its records are compared.
TYPES = {"customers": "description", "suppliers": "description", "employees": "description", "projects": "description",
         "timesheets": "text", "transactions": "text", "arTransactions": "invoiceNumber", "apTransactions": "invoiceNumber"}


class Entity:
    def __init__(self, directory, settings=None, switches=(), companies=(COMPANY,)):
        self.words = [word for switch in ("limits=off", *switches) for word in ("--set", switch)]
        self.state = os.path.join(directory, "entity.state")
        self.simulator = Simulator(directory, *self.words, "--state", self.state, companies=companies)
        self.deck = Deck(home(directory, "home"), self.simulator.url, settings or {})
        self.deck.good("vault", "init")

    def token(self, entity=ENTITY, **more):
        return self.simulator.control("xledger/tokens", {"entity": entity, **more})["token"]

    def connect(self, token, *words):
        return self.deck.run("connect", "xledger", "--environment", "local", "--yes", "--json", *words, input=token.encode() + b"\n")

    def begin(self):
        result = self.connect(self.token(), "--expires", "2099-12-31")
        same(0, result.code, result)
        self.account = result.json()["connected"]["id"]
        return self

    def twin(self, directory, name, twins):
        """The same past, with a ledger of its own."""
        place = home(directory, name)
        state = os.path.join(place, "entity.state")
        shutil.copy(self.state, state)
        other = object.__new__(type(self))
        other.place, other.account, other.words, other.state = place, self.account, self.words, state
        other.simulator = Simulator(place, *self.words, "--state", state, companies=())
        other.deck = twins.copy()
        other.deck.configure(**{"quickbooks.local_address": other.simulator.url})
        return other

    def drop(self, twins):
        self.simulator.process.kill()
        self.simulator.process.wait()
        twins.drop(self.deck)
        shutil.rmtree(self.place)

    def other(self, document):
        """As another user, who meets neither limits nor troubles."""
        answer = json.loads(self.simulator.ask(f"/simulator/as-other-user/xledger/{ENTITY}/graphql", {"query": document}))
        assert "errors" not in answer, answer
        return answer["data"]

    def truth(self, kind):
        """{id: description or text} of all that the entity itself owns."""
        title, found, after = TYPES[kind], {}, ""
        while True:
            root = self.other(f"{{ r: {kind}(first: 10000, ownerSet: CURRENT, objectStatus: ALL{after}) {{ edges {{ cursor node {{ dbId {title} }} }} "
                              "pageInfo { hasNextPage } } }")["r"]
            edges = root["edges"] if root and root["edges"] else []
            found.update({str(edge["node"]["dbId"]): edge["node"][title] for edge in edges})
            if not edges or not root["pageInfo"]["hasNextPage"] or f', after: {json.dumps(edges[-1]["cursor"])}' == after:
                return found
            after = f', after: {json.dumps(edges[-1]["cursor"])}'

    def mirror(self, kind, deck=None):
        rows = (deck or self.deck).rows("objects", self.account, kind, "--limit", "100000")
        return {row["id"]: row[TYPES[kind]] for row in rows if row["state"] != "deleted"}

    def check(self, deck=None):
        for kind in TYPES:
            truth = self.truth(kind)
            assert truth, kind
            same(truth, self.mirror(kind, deck), kind)

    def calls(self):
        return self.simulator.counters(ENTITY)["calls"]["read"]

    def live(self, chance, number):
        """What happens in a ledger between two looks at it; as if by chance, a record goes and comes again."""
        customers = sorted(self.truth("customers"), key=int)
        changed, gone, hours = *chance.sample(customers[:-2], 2), chance.choice(sorted(self.truth("timesheets")))
        self.other(f'mutation {{ updateCustomers(inputs: [{{clientId: "0", node: {{dbId: {changed}, description: "Ærlig {number}"}}}}]) '
                   "{ edges { node { dbId } } } "
                   f'addCustomers(inputs: [{{clientId: "1", node: {{description: "Ny {number} \\"AS\\"", code: "N{number}"}}}}]) {{ edges {{ node {{ dbId }} }} }} '
                   f'removeCustomers(dbIds: [{gone}]) {{ numAffected }} removeTimesheets(dbIds: ["{hours}"]) {{ numAffected }} }}')
        return changed, gone
