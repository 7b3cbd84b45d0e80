/*
 * What members do about the writes of servers that are forgotten (src/CausalStore.Replication/Settlement.cs).
 *
 * Members 0, 1 and 2, and a server F that is forgotten. F has written A, then B, which needs A; both are in
 * the air and may reach anybody, or nobody, in any order, until that one records `forget F`.
 * Member 2, once it has applied B, may write E, which needs B. Somebody may then forget member 2 as well,
 * which may live on, so that one settlement runs into another. Lines come in any order that a
 * network of connections, relays and members that pass on what they heard can give: what somebody has said
 * may be heard by anybody at any later time, or by nobody before all has come to rest.
 *
 *     spin -a settlement.pml && cc -O2 -DSAFETY -o pan pan.c && ./pan
 *     spin -DMISTAKE=1 -a ...      plants a mistake (see below): pan must find an error
 */

#ifndef MISTAKE
#define MISTAKE 0
#endif
/* 1: a statement leaves out what is delayed          2: a member that is silent is not waited for
 * 3: statements about different sets are added up    4: settled before what the others hold is here
 * 5: what needs a lost write is not lost with it     6: a forgotten server is still listened to */

#define MEMBERS 3

/* Writes, as bits. */
#define A 1
#define B 2
#define E 4

/* What a member has recorded as forgotten. */
#define NOBODY 0
#define ONLY_F 1
#define F_AND_2 2

#define NONE 8                      /* no statement */

byte applied[MEMBERS];
byte delayed[MEMBERS];
byte lost[MEMBERS];
byte about[MEMBERS];                /* only ever grows */
byte said[9];                       /* said[3 * m + k]: the statement of k that m knows */
byte survivors[MEMBERS];            /* NONE: not settled */
bool forgets2;

#define need(w)        (w == B -> A : (w == E -> B : 0))
#define ofForgotten(a) (a == NOBODY -> 0 : (a == ONLY_F -> A | B : A | B | E))
#define counts(m, a)   (m != 2 || a != F_AND_2)
#define here(m)        (applied[m] | delayed[m])
#define held(m)        (ofForgotten(about[m]) & (MISTAKE == 1 -> applied[m] : here(m)))
#define knows(m, k)    (said[3 * m + k] != NONE)
#define saidOrNone(m, k) (knows(m, k) && counts(k, about[m]) -> said[3 * m + k] : 0)
#define sum(m)         (saidOrNone(m, 0) | saidOrNone(m, 1) | saidOrNone(m, 2))
#define hasAll(m)      (knows(m, 0) && knows(m, 1) && (knows(m, 2) || !counts(2, about[m]) || MISTAKE == 2))
#define holdsAll(m)    (((here(m) | lost[m]) & sum(m)) == sum(m) || MISTAKE == 4)
#define satisfied(m, w) ((need(w) & ~applied[m]) == 0)

/* A write comes to m: applied, delayed, known already or lost. */
#define take(m, w) \
    if \
    :: satisfied(m, w) -> applied[m] = applied[m] | w \
    :: else -> delayed[m] = delayed[m] | w \
    fi

inline forget(m, set) {
    about[m] = set;
    survivors[m] = NONE;
    if
    :: MISTAKE == 3 -> said[3 * m + m] = NONE
    :: else -> said[3 * m] = NONE; said[3 * m + 1] = NONE; said[3 * m + 2] = NONE
    fi
}

inline settle(m, what) {
    survivors[m] = what;
    lost[m] = lost[m] | (ofForgotten(about[m]) & ~what);
    delayed[m] = delayed[m] & ~lost[m];
    said[3 * m] = NONE; said[3 * m + 1] = NONE; said[3 * m + 2] = NONE
}

/* What is in the sum and was not lost before, but for what needs a lost write. */
inline settleWhatIsHere(m) {
    what = sum(m) & ~lost[m];
    if
    :: MISTAKE != 5 && (what & B) && !(what & A) && (delayed[m] & B) -> what = what & ~B
    :: else
    fi;
    if
    :: MISTAKE != 5 && (what & E) && !(what & B) && (delayed[m] & E) && (ofForgotten(about[m]) & E)
        -> what = what & ~E
    :: else
    fi;
    settle(m, what)
}

#define lacks(m, w)    (!((applied[m] | delayed[m] | lost[m]) & w))
#define sends(j, w)    ((applied[j] & w) || ((delayed[j] & w) && (ofForgotten(about[j]) & w)))
#define talk(m, j)     (counts(j, about[m]) && counts(m, about[j]))
#define settles(m)     (about[m] != NOBODY && survivors[m] == NONE)

/* F had sent it before it stopped. */
#define FROM_F(w) \
    :: atomic { (about[m] == NOBODY || MISTAKE == 6) && lacks(m, w) -> take(m, w) }

/* Another member sends it, its own or relayed; nothing comes from one that is forgotten here. */
#define FROM(j, w) \
    :: atomic { talk(m, j) && lacks(m, w) && sends(j, w) -> take(m, w) }

/* The last need of a delayed write is here. */
#define RELEASE(w) \
    :: atomic { (delayed[m] & w) && satisfied(m, w) -> \
        delayed[m] = delayed[m] & ~w; applied[m] = applied[m] | w }

/* A statement is passed on by whoever has it, to those who forget the same. */
#define HEAR(j, k) \
    :: atomic { settles(m) && (about[j] == about[m] || (MISTAKE == 3 && about[j] != NOBODY)) \
        && counts(j, about[m]) && counts(k, about[m]) && knows(j, k) && !knows(m, k) -> \
        said[3 * m + k] = said[3 * j + k] }

/* What was settled is passed on, and what was lost before. */
#define LEARN(j) \
    :: atomic { settles(m) && about[j] == about[m] && counts(j, about[m]) && survivors[j] != NONE -> \
        settle(m, survivors[j]) } \
    :: atomic { about[m] >= about[j] && talk(m, j) && (lost[j] & ~lost[m]) -> \
        lost[m] = lost[m] | lost[j]; delayed[m] = delayed[m] & ~lost[m] }

#define OTHER(j) \
    FROM(j, A) FROM(j, B) FROM(j, E) HEAR(j, 0) HEAR(j, 1) HEAR(j, 2) LEARN(j)

proctype member(byte m, j, k) {
    byte what;
end:
    do
    FROM_F(A) FROM_F(B) RELEASE(A) RELEASE(B) RELEASE(E) OTHER(j) OTHER(k)
    :: atomic { m == 2 && !(applied[2] & E) && (applied[2] & B) -> applied[2] = applied[2] | E }
    :: atomic { about[m] == NOBODY -> forget(m, ONLY_F) }
    :: atomic { about[m] != F_AND_2 && forgets2 && m != 2 -> forget(m, F_AND_2) }
    :: atomic { settles(m) && !knows(m, m) -> said[3 * m + m] = held(m) }
    :: atomic { settles(m) && hasAll(m) && holdsAll(m) -> settleWhatIsHere(m) }
    od
}

#define live(m)        (m != 2 || !forgets2)
#define closed(m)      ((!(applied[m] & B) || (applied[m] & A)) && (!(applied[m] & E) || (applied[m] & B)))
#define agree(m, j)    (!live(m) || !live(j) || !(lost[m] & applied[j]))
#define atRest(m)      (!live(m) || (survivors[m] != NONE && delayed[m] == 0 \
    && applied[m] == applied[0] && lost[m] == lost[0]))

/* Nobody shows an effect whose cause is not there, what is lost for one is shown by none, and only writes of
 * forgotten servers are lost. When nothing can happen any more, all have the same and nothing waits. */
active proctype always() {
    do
    :: atomic { !(closed(0) && closed(1) && closed(2)
        && agree(0, 0) && agree(0, 1) && agree(0, 2) && agree(1, 0) && agree(1, 1) && agree(1, 2)
        && agree(2, 0) && agree(2, 1) && agree(2, 2)
        && (forgets2 || !((lost[0] | lost[1] | lost[2]) & E))) -> assert(false) }
    :: atomic { timeout -> assert(atRest(0) && atRest(1) && atRest(2)); break }
    od
}

init {
    byte m;
    atomic {
        do
        :: m < 9 -> said[m] = NONE; m++
        :: else -> break
        od;
        survivors[0] = NONE; survivors[1] = NONE; survivors[2] = NONE;
        if
        :: forgets2 = true
        :: forgets2 = false
        fi;
        run member(0, 1, 2); run member(1, 0, 2); run member(2, 0, 1)
    }
}
