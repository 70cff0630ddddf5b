"""Answers of the bank: a file goes in, and its page says of each row what it changed."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claims.forms.payments import AnswerFileForm
from claims.queries.payments.room import answer_of, answers_of, page_of
from claims.services.bank_answers import take_answer
from claims.views.payments.doors import before_of, counter, keys_of
from core.form_tokens import sent_once
from policies.rules.registers import Unreadable


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def answers(request: HttpRequest) -> HttpResponse:
    at = counter(request)
    form = AnswerFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(take_answer(insurer=at.insurer, file=file, name=file.name, by=request.user, now=at.now))
        except Unreadable as problem:
            form.add_error("file", problem.words)
    page = {"at": at, "form": form, "page": answers_of([at.insurer.pk], before_of(request))}
    return render(request, "claims/payments/answers.html", page)


@never_cache
@require_safe
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = answer_of(keys_of(request), public_id)
    if found is None:
        raise Http404
    lines = page_of(found.lines.select_related("order__instalment__claim"), before_of(request))
    page = {"at": counter(request, of=found.insurer), "answer": found, "page": lines, "problems": list(found.problems)}
    return render(request, "claims/payments/answer.html", page)
