"""Which mark a state wears on a page (core.templatetags.components.tag): "todo" is the claimant's move, "wait" ours."""

from claims.rules.life import ItemState, State

OF_CLAIM: dict[State, str] = {
    State.INCOMPLETE: "todo", State.APPROVED: "ok", State.PAYING: "ok", State.PAID: "ok", State.REFUSED: "err",
    State.STOPPED: "err", State.SET_ASIDE: "", State.CLOSED: "",
}  # fmt: skip
OF_ITEM: dict[ItemState, str] = {
    ItemState.NEEDED: "todo", ItemState.UPLOADED: "wait", ItemState.ORIGINAL_AWAITED: "todo", ItemState.ACCEPTED: "ok",
    ItemState.REDO: "err", ItemState.WAIVED: "",
}  # fmt: skip


def tag_of_claim(state: str) -> str:
    """What is not named waits for us."""
    return OF_CLAIM.get(State(state), "wait")


def tag_of_item(state: str) -> str:
    return OF_ITEM[ItemState(state)]
