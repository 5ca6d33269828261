#!/usr/bin/env bash
# One-node Ceph on 127.0.0.1 that serves S3 from memory: ceph-rgw.sh start DIR PORT | stop DIR
# What speaks S3 can be killed (-9) and started again by itself: ceph-rgw.sh kill-gateway DIR | start-gateway DIR PORT
# Wants ceph-mon, ceph-osd and radosgw (Debian: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw).
# Keys: testkey / testsecret. CEPH_RGW_EXTRA adds lines for radosgw; $'rgw max concurrent requests = 2'.
set -euo pipefail
DIR=$2 CONF=$2/ceph.conf
# Debian's ceph is written for Debian's python.
export CEPH_CONF=$CONF PATH=/usr/bin:/usr/sbin:/bin:/sbin

spawn() { local name=$1; shift; setsid "$@" >"$DIR/$name.out" 2>&1 </dev/null & echo $! >"$DIR/$name.pid"; }

stop() {
  for name in rgw osd mon; do
    [ -f "$DIR/$name.pid" ] && kill -9 "$(cat "$DIR/$name.pid")" 2>/dev/null || true
  done
  rm -rf "$DIR"
}

start() {
  local port=$1 id uuid
  mkdir -p "$DIR"/{run,mon,osd}
  cat >"$CONF" <<C
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = v2:127.0.0.1:$((port + 6000))
ms bind msgr1 = false
ms mon client mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
run dir = $DIR/run
admin socket = $DIR/run/\$name.asok
log file = $DIR/\$name.log
log to stderr = false
crash dir = $DIR/run
keyring = $DIR/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
[mon]
mon data = $DIR/mon
mon data avail crit = 1
paxos propose interval = 0.05
paxos min wait = 0.01
mon cluster log file = $DIR/cluster.log
[osd]
osd data = $DIR/osd
osd objectstore = memstore
memstore device bytes = $((4 << 30))
memstore page set = false
osd max object name len = 2048
osd class dir = /usr/lib/x86_64-linux-gnu/rados-classes
osd numa auto affinity = false
# Its lease for reading lasts four fifths of this. With a single replica nothing renews it for certain once it ran out while
# the process stood still (https://github.com/ceph/ceph-container/issues/1682): requests then hang for good.
osd heartbeat grace = 600
[client]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw thread pool size = 64
rgw data = $DIR/run
rgw crypt require ssl = false
${CEPH_RGW_EXTRA:-}
C
  : >"$DIR/keyring"
  monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$CONF")" --addv a "[v2:127.0.0.1:$((port + 6000))]" "$DIR/monmap" >/dev/null
  ceph-mon --mkfs -i a -c "$CONF" --monmap "$DIR/monmap" >"$DIR/mkfs-mon.out" 2>&1
  spawn mon ceph-mon -f -i a -c "$CONF"
  uuid=$(cat /proc/sys/kernel/random/uuid)
  id=$(timeout 60 ceph -c "$CONF" osd new "$uuid")
  ceph-osd --mkfs -i "$id" -c "$CONF" --osd-uuid "$uuid" --no-mon-config >"$DIR/mkfs-osd.out" 2>&1
  spawn osd ceph-osd -f -i "$id" -c "$CONF"
  for _ in $(seq 200); do timeout 20 ceph -c "$CONF" osd stat 2>/dev/null | grep -q ' 1 up' && break; sleep 0.1; done
  radosgw-admin -c "$CONF" user create --uid=test --display-name=test --access-key=testkey --secret-key=testsecret >"$DIR/user.out" 2>&1
  gateway "$port"
}

gateway() {
  spawn rgw radosgw -f -n client.rgw.a -c "$CONF"
  for _ in $(seq 300); do
    curl -s -o /dev/null --max-time 2 "http://127.0.0.1:$1/" && exit 0
    sleep 0.1
  done
  tail -20 "$DIR/rgw.out" >&2
  exit 1
}

case ${1:-} in
  start) start "$3" ;;
  stop) stop ;;
  kill-gateway) kill -9 "$(cat "$DIR/rgw.pid")" ;;
  start-gateway) gateway "$3" ;;
  *) sed -n 2,5p "$0"; exit 2 ;;
esac
