/*
 * One SET PDU inside the MIB floor: its varbinds as rows, its verdict, and the changes
 * it stands for. The transaction owns all of it.
 */
#ifndef AGENT_MIB_TX_H
#define AGENT_MIB_TX_H

#include "mib_int.h"

/* Where in the request the value at fault came from [MIB 5]. */
enum mib_where { MIB_IN_INDEX, MIB_IN_COLUMN, MIB_ELSEWHERE };

/* The columns of one row that this PDU names; varbind 0: it does not. */
struct mib_set_cell {
	size_t varbind;
	int64_t value;
};

/* One change of the core, of the side table, or both, and how to take it back. */
struct mib_op {
	bool used;
	bool core;          /* there is a route to create, set or delete */
	bool v1;            /* through the version 1 functions, with row1 */
	enum iph_verb verb; /* also says in which of the three rounds it is done */
	struct iph_route route, before;
	MIB_IPFORWARDROW row1;
	struct mib_side *put;     /* to be inserted; owned here until it is */
	struct mib_side *dropped; /* what was taken out, for undo; owned here */
	bool core_done, side_done;
	bool read;             /* what is in route was read from the core, when it was made */
	bool last;             /* of the changes of its destination: asks the forwarder */
	bool asked;            /* and has */
	struct mib_cored dest; /* in a tree while that is found out */
	struct mib_rowreq *req;
};

/* What a PDU asks of one row. */
struct mib_rowreq {
	struct tree_node node; /* by table and index, as given */
	struct mib_rowreq *next;
	const struct mib_table *table;
	size_t nindex;
	mib_subid index[MIB_OID_MAX];
	size_t first;    /* the row's first varbind */
	size_t conflict; /* the varbind that contradicts an earlier one; 0: none */
	struct mib_set_cell cells[MIB_COLUMNS_MAX];
	struct mib_info info;
	bool info_given;

	/* from the test phase */
	bool decoded;
	struct mib_key key;
	MIB_IPFORWARD_ROW2 shown;   /* prefix, next hop, interface: for people */
	bool active, own;           /* the row as it is before the PDU */
	const struct mib_side *old; /* staged: its entry, borrowed; look again before use */
	struct iph_route present;   /* its route */
	struct mib_row row;         /* its columns after the PDU */
	bool create;                /* a route will come into being */
	bool existed;               /* as a row of this table, staged or active */
	bool removes;               /* the route will be gone, whatever else */
	struct mib_keyed by_key, by_name;   /* the row's name; its name in inetCidrRouteTable */
	struct mib_cored touch, gone, made; /* core keys, in the trees of the transaction */
	struct mib_op ops[2];               /* a delete and a create where the key changes */
};

struct mib_verdict {
	enum mib_error error;
	size_t varbind;
	const struct mib_rowreq *req; /* NULL: the varbind alone was looked at */
	const struct mib_table *table;
	const struct mib_column *column; /* NULL: none of ours */
	struct iph_fault fault;
	const char *policy;       /* the word of the configuration that forbids it, or NULL */
	struct mib_info variable; /* name of the varbind; empty where the row tells it */
};

enum mib_tx_state { MIB_TX_OPEN, MIB_TX_CHECKED, MIB_TX_APPLIED, MIB_TX_OVER };

struct mib_tx {
	struct mib *mib;
	enum mib_tx_state state;
	struct tree rows;                 /* struct mib_rowreq by table and index */
	struct mib_rowreq *first, **last; /* in the order of their first varbinds */
	struct mib_rowreq *spare;         /* for the next row that is new */
	struct mib_verdict verdict;
	bool told;  /* the refusal has been reported */
	bool holds; /* counted in mib->open_tx: staged rows must not be reaped */
	bool undo_failed;
	struct tree names, touched, gone, made; /* virtual state while testing */
	struct mib_op **done;                   /* applied so far, in order */
	size_t nrows, ndone;
	bool stored;    /* and is on disk */
	uint64_t stamp; /* the number of its transaction there */
};

/** Those that are kept for PDUs to come. */
void mib_rowreqs_close(struct mib *mib);

static inline struct mib_set_cell *
mib_set_cell_of(struct mib_rowreq *req, const struct mib_column *column)
{
	return &req->cells[column - req->table->columns];
}

/** The cell of the column that asks for creation and removal. */
static inline const struct mib_set_cell *
mib_status_cell(const struct mib_rowreq *req)
{
	return &req->cells[req->table->status];
}

/** The cell of the writable column that stands for a member, or NULL. */
const struct mib_set_cell *mib_cell_blamed(const struct mib_rowreq *req, enum iph_field field);

/* mib_plan.c: routes that change, go, or come into being */
/** A row whose route stays or moves: its columns have changed. */
void mib_plan_change(struct mib_tx *tx, struct mib_rowreq *req);
/** The route's key becomes free. */
void mib_plan_delete(struct mib_tx *tx, struct mib_rowreq *req);
/** A route comes into being, after all that go are known. */
void mib_plan_create(struct mib_tx *tx, struct mib_rowreq *req);
/** An entry of the side table with the row's name and columns; NULL: refused for memory. */
struct mib_side *mib_plan_side(struct mib_tx *tx, struct mib_rowreq *req,
                               const struct mib_key *key);

/* mib_fault.c */
enum mib_error mib_fault_error(const struct iph_fault *fault, enum mib_where where);
/** Record a refusal; the one with the lowest varbind stays. */
void mib_refuse(struct mib_tx *tx, const struct mib_rowreq *req, enum mib_error error,
                size_t varbind, const struct iph_fault *fault);
/** Refuse by what the core said: which error, and which varbind [MIB 5.1, 5.2]. */
void mib_refuse_fault(struct mib_tx *tx, const struct mib_rowreq *req,
                      const struct iph_fault *fault);
/** The same, by the word of the configuration that forbids it. */
void mib_refuse_policy(struct mib_tx *tx, const struct mib_rowreq *req, enum mib_error error,
                       size_t varbind, const struct iph_fault *fault, const char *word);
size_t mib_blame_index(const struct mib_rowreq *req);
size_t mib_blame_status(const struct mib_rowreq *req);
/** The varbind of a fault, and where it sits. */
size_t mib_blame_fault(const struct mib_rowreq *req, const struct iph_fault *fault,
                       enum mib_where *where);
/** Hand the refusal out, once. */
void mib_tell(struct mib_tx *tx, const char *phase);

/** One tick of inetCidrRouteDiscards for each new route refused for lack of something. */
void mib_count_discard(struct mib_tx *tx);

/* mib_ledger.c: what RTM-MIB tells of SETs */
void mib_ledger_request(struct mib *mib);
void mib_ledger_end(struct mib *mib, enum mib_end end);
/** A refusal, as it is handed out; counted, and kept among the last ones. */
void mib_ledger_refused(struct mib *mib, const struct mib_refusal *refusal,
                        const struct mib_info *variable);

/* mib_policy.c */
/** The word of the configuration that forbids to write this destination, or NULL. */
const char *mib_policy_forbids(const struct mib *mib, const IP_ADDRESS_PREFIX *dest);
/** Refuse what goes beyond the number of rows allowed. */
void mib_policy_limit(struct mib_tx *tx);

/* mib_apply.c */
/** From here on the reaper may work again. */
void mib_tx_release(struct mib_tx *tx);
/** Undo what is done; false where something could not be. */
bool mib_unwind(struct mib_tx *tx);

#endif
