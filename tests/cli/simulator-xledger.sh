# SPDX-License-Identifier: GPL-3.0-or-later
# The simulated Xledger over sockets: a token, a page, limits of calls that are under way, and a
# program that is killed right after it said that something was saved.
set -u
work=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
failed=0
pid=
no_proxy="*" # for curl
export no_proxy

complain() {
	echo "$*"
	failed=1
}

start() {
	rm -f "$work/line"
	mkfifo "$work/line"
	"$SIMULATOR_PROGRAM" --port 0 --state "$work/state" "$@" >"$work/line" &
	pid=$!
	read -r line <"$work/line"
	url=${line##* }
}

# The answer to a document without variables is left in $work/answer.
ask() {
	curl -s -H "Authorization: token $token" -H 'Content-Type: application/json' \
		-d "{\"query\": \"$1\"}" "$url/graphql" >"$work/answer"
}

expect() {
	grep -q -F -e "$1" "$work/answer" || complain "no $1 in: $(head -c 400 "$work/answer")"
}

start --company xledger,realm=777 --set latency-ms=400
curl -s -d '{"entity": "777"}' "$url/simulator/xledger/tokens" >"$work/answer"
token=$(sed 's/.*: "\(.*\)".*/\1/' "$work/answer")
test ${#token} = 32 || complain "no token: $token"
ask '{ customers(first: 1) { edges { node { code owner { dbId } } } } }'
expect '{"data":{"customers":{"edges":[{"node":{"code":"10001","owner":{"dbId":777}}}]}}}'

# Five at once, each of which takes its time: two may be under way.
for i in 1 2 3 4 5; do
	curl -s -H "Authorization: token $token" -H 'Content-Type: application/json' \
		-d '{"query": "{ __typename }"}' "$url/GraphQL" >"$work/at-once-$i" &
	jobs="${jobs-} $!"
done
for job in $jobs; do
	wait "$job"
done
cat "$work"/at-once-* >"$work/answer"
expect BAD_REQUEST.CONCURRENCY_LIMIT_REACHED
expect '"__typename":"Query"'

curl -s -d '{"latency-ms": "0", "limits": "off"}' "$url/simulator/switches" >/dev/null
ask 'mutation { addCustomers(inputs: [{clientId: \"1\", node: {code: \"KEPT\"}}]) { edges { clientId } } }'
expect '{"data":{"addCustomers":{"edges":[{"clientId":"1"}]}}}'
kill -KILL "$pid"
wait "$pid" 2>/dev/null
start
ask '{ customers(filter: {code: \"KEPT\"}) { edges { node { code company { dbId } } } } customer_deltas(last: 1) { edges { mutationType } } }'
expect '{"node":{"code":"KEPT","company":{"dbId":'
expect '"customer_deltas":{"edges":[{"mutationType":"ADDED"}]}'
exit $failed
