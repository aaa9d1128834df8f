# SPDX-License-Identifier: GPL-3.0-or-later
# The simulator's command line: what is refused, with which sentence and code 2, and what it does
# with what it takes.
set -u
work=$(mktemp -d)
pid=
trap 'test -z "$pid" || kill "$pid"; rm -rf "$work"' EXIT
failed=0
unset LEDGERDECK_SIMULATOR_CLIENT_SECRET
no_proxy="*" # for curl
export no_proxy
mkfifo "$work/line"

complain() {
	echo "$*: expected otherwise"
	echo "status $status, stdout:"
	cat "$work/out"
	echo "stderr:"
	cat "$work/err"
	failed=1
}

run() {
	status=0
	"$SIMULATOR_PROGRAM" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# Nothing on stdout, and this one line on stderr.
refuses() { # sentence, option...
	sentence=$1
	shift
	run "$@"
	printf 'ledgerdeck-simulator: %s\n' "$sentence" >"$work/expected"
	test "$status" = 2 && ! test -s "$work/out" && cmp -s "$work/expected" "$work/err" ||
		complain "$* is refused with: $sentence"
}

# The same where the sentence is the ledger's own: it has these words.
refuses_with() { # words, option...
	words=$1
	shift
	run --port 0 "$@"
	test "$status" = 2 && ! test -s "$work/out" && test "$(wc -l <"$work/err")" = 1 &&
		grep -q '^ledgerdeck-simulator: ' "$work/err" && grep -q -F -e "$words" "$work/err" ||
		complain "$* is refused with: $words"
}

# Serve with these options; $url is where. Its stderr is kept in $work/log.
start() {
	"$SIMULATOR_PROGRAM" --port 0 "$@" >"$work/line" 2>"$work/log" </dev/null &
	pid=$!
	line=
	read -r line <"$work/line"
	url=${line##* }
	echo "$line" >"$work/out"
	cat "$work/log" >"$work/err"
	status='not yet'
	case $line in
	"ledgerdeck-simulator: listening on http://"*) ;;
	*) complain "$* starts" ;;
	esac
}

stop() { # signal
	status=0
	kill "-${1-TERM}" "$pid"
	wait "$pid" || status=$?
	pid=
	cat "$work/log" >"$work/err"
	test "$status" = 0 || complain "ending by ${1-TERM}"
}

# ---- help

run --help
test "$status" = 0 && grep -q '^Usage: ledgerdeck-simulator' "$work/out" && ! test -s "$work/err" ||
	complain --help
run --version
test "$status" = 0 && head -n 1 "$work/out" | grep -q '^ledgerdeck-simulator [0-9][0-9.]*$' ||
	complain --version
run --list-switches
test "$status" = 0 && grep -q '^limits=on|off$' "$work/out" || complain --list-switches
if test -e /dev/full; then
	status=0
	"$SIMULATOR_PROGRAM" --help >/dev/full 2>"$work/err" || status=$?
	test "$status" = 1 && test "$(wc -l <"$work/err")" = 1 || complain 'help into a full disk'
	status=0
	"$SIMULATOR_PROGRAM" --port 0 --company small >/dev/full 2>"$work/err" || status=$?
	test "$status" = 1 && test "$(wc -l <"$work/err")" = 1 || complain 'the address into a full disk'
fi

# ---- what makes no sense

refuses "there is no option '--bogus', see --help" --bogus
refuses "there is no option '-x', see --help" -x
refuses "option '--c' can mean several, see --help" --c
refuses "option '--port' needs a value" --port
refuses "option '--verbose' takes no value" --verbose=3
refuses "unexpected argument 'now'" now
refuses "there is no option '--a b', see --help" '--a
b'
refuses "--port takes a number from 0 to 65535, not 'http'" --port http
refuses "--port takes a number from 0 to 65535, not '65536'" --port 65536
refuses "--port takes a number from 0 to 65535, not ''" --port ''
refuses "--idle-timeout takes a number from 1 to 86400, not '0'" --idle-timeout 0
refuses "--memory-limit takes a number from 16 to 65536, not '1'" --memory-limit 1
refuses "--customers takes a number from 0 to 2000000, not '-1'" --customers -1
refuses "--invoices takes a number from 0 to 2000000, not '99999999999999999999'" \
	--invoices 99999999999999999999
refuses "--invoices takes a number from 0 to 2000000, not '1e6'" --invoices 1e6
refuses "--seed takes a number from 0 to 999999999999999999, not 'x'" --seed x
for time in 1999-12-31 3000-01-01 2026-02-30 yesterday ''; do
	refuses "--clock takes a time of the years 2000 to 2999 as 2026-01-31T12:00:00Z, not '$time'" \
		--clock "$time"
done
refuses "--set takes NAME=VALUE, not 'limits'" --set limits
refuses "there is no switch 'bogus'" --set bogus=1
refuses "switch 'limits' takes on|off, not 'maybe'" --set limits=maybe
for address in 0.0.0.0 192.0.2.1 :: 2001:db8::1 example.org 127.0.0.1:80; do
	refuses "'$address' is no loopback address, as 127.0.0.1 or ::1 is: the simulator listens nowhere else" \
		--listen "$address" --port 0
done
refuses "--listen takes a text, not nothing" --listen ''
for company in '' ,realm=1 us,bogus=1 us,realm realm=1; do
	refuses "--company takes KIND[,realm=ID][,name=TEXT][,customers=N][,invoices=N], not '$company'" \
		--company "$company"
done
refuses "the realm of --company is a number of up to 20 digits, not '12a'" --company us,realm=12a
refuses "the realm of --company is a number of up to 20 digits, not '123456789012345678901'" \
	--company us,realm=123456789012345678901
refuses "customers= of --company takes a number from 0 to 2000000, not 'many'" \
	--company us,customers=many,realm=1
refuses "--redirect-uri takes an address as http://127.0.0.1:8080/callback, not 'here'" --redirect-uri here
refuses "cannot read the client secret from '$work/none': No such file or directory" \
	--client-secret-file "$work/none"
: >"$work/empty"
refuses "the first line of '$work/empty' is no client secret of up to 1024 bytes" \
	--client-secret-file "$work/empty"
head -c 2000 /dev/zero | tr '\0' s >"$work/long"
refuses "the first line of '$work/long' is no client secret of up to 1024 bytes" \
	--client-secret-file "$work/long"
refuses "cannot write '$work/none/port': No such file or directory" \
	--port 0 --company small --port-file "$work/none/port"
refuses 'the parent, process 999999999, is gone' --exit-with-parent=999999999

refuses_with bogus --company bogus
refuses_with 1234 --company small,realm=1234 --company us,realm=1234
echo 'this is no database' >"$work/foreign"
refuses_with "$work/foreign" --company small --state "$work/foreign"
test "$(cat "$work/foreign")" = 'this is no database' || complain 'a foreign file stays as it is'
refuses_with "$work/none/state" --company small --state "$work/none/state"
refuses_with "$work" --company small --state "$work"

# ---- serving

start --company small --port-file "$work/port" --set retry-after=on
test "$line" = "ledgerdeck-simulator: listening on http://127.0.0.1:$(cat "$work/port")" ||
	complain 'the line and the port file'
curl -s "$url/simulator/switches" >"$work/body"
grep -q '"retry-after": {"value": "on"' "$work/body" || complain '--set is in effect'
refuses "port ${url##*:} of '127.0.0.1' is in use" --port "${url##*:}" --company small
stop
test ! -s "$work/log" || complain 'not verbose'
test ! -e "$work/port" || complain 'the port file is gone at the end'

start --company small --verbose
curl -s "$url/connect/oauth2?client_id=marked-value&marked-name&state=%07marked-state" >/dev/null
stop
grep -q '^GET /connect/oauth2?client_id=&&state= [0-9]* [0-9]* ms$' "$work/log" || complain 'the log line'
! grep -q marked "$work/log" || complain 'no values in the log'

start --company small --listen localhost
case $url in
http://localhost:*) ;;
*) complain '--listen localhost' ;;
esac
curl -s "$url/simulator/clock" >"$work/body" || complain 'localhost answers'
# Where this runs under nohup a shell can't give what it starts a SIGHUP that ends it.
if (sh -c 'kill -HUP $$') 2>/dev/null; then
	stop
else
	stop HUP
fi
if grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null; then
	start --company small --listen ::1
	case $url in
	'http://[::1]:'*) ;;
	*) complain '--listen ::1' ;;
	esac
	curl -s -g "$url/simulator/clock" >"$work/body" && grep -q now "$work/body" || complain '::1 answers'
	stop
fi

# A shell starts what runs in the background with SIGINT ignored, nohup with SIGHUP, and so they stay.
trap '' HUP
start --company small --exit-with-parent=$$
trap - HUP
kill -INT "$pid"
kill -HUP "$pid"
curl -s "$url/simulator/clock" >"$work/body" || complain 'SIGINT and SIGHUP are still ignored'
stop

start --company 'us,realm=1234,name=Smith, Jones & Co' --clock 2026-01-31T12:00:00Z --customers 30
curl -s "$url/simulator/companies" >"$work/body"
grep -q '"realm": "1234", "name": "Smith, Jones & Co"' "$work/body" || complain 'the named company'
curl -s -i "$url/simulator/clock" >"$work/body"
grep -q '"now": "2026-01-31T12:00:' "$work/body" && grep -q '^Date: Sat, 31 Jan 2026 12:00:' "$work/body" ||
	complain 'the clock'
stop

# The client secret comes from the file, else from the environment, else it is the usual one.
knows_secret() { # secret
	test "$(curl -s -o /dev/null -w '%{http_code}' -u "simulator-client:$1" -d grant_type=refresh_token \
		-d refresh_token=none "$url/oauth2/v1/tokens/bearer")" = 400 # the token is wrong, not the secret
}
start --company small
knows_secret simulator-secret && ! knows_secret other || complain 'the usual secret'
stop
LEDGERDECK_SIMULATOR_CLIENT_SECRET=from-environment
export LEDGERDECK_SIMULATOR_CLIENT_SECRET
start --company small
knows_secret from-environment && ! knows_secret simulator-secret || complain 'a secret from the environment'
stop
printf 'from-file\r\nnot this\n' >"$work/secret"
start --company small --client-secret-file "$work/secret"
knows_secret from-file && ! knows_secret from-environment || complain 'a secret from a file'
stop

# Without the line on stdout the port file tells when it listens.
"$SIMULATOR_PROGRAM" --port 0 --company small --quiet --port-file "$work/port" >"$work/out" 2>"$work/log" &
pid=$!
while ! test -e "$work/port" && kill -0 "$pid" 2>/dev/null; do :; done
curl -s "http://127.0.0.1:$(cat "$work/port")/simulator/clock" >"$work/body" || complain 'the port file'
stop
test ! -s "$work/out" || complain --quiet

# ---- a state file outlives the program and is one program's at a time

start --company small --state "$work/state"
curl -s "$url/simulator/companies" >"$work/before"
refuses_with "$work/state" --state "$work/state"
stop
refuses_with "$work/state" --state "$work/state" --company small
start --state "$work/state"
curl -s "$url/simulator/companies" >"$work/after"
stop
cmp -s "$work/before" "$work/after" || complain 'the state file keeps the companies'
exit $failed
