"""The pages of any register: its list, one record, adding, correcting, taking back, files."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.audit.actor import Actor
from chuan.files.responses import attachment, download
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.policies import sees_whole_province
from chuan.registers import forms, queries, services, sheets
from chuan.registers.claiming import ClaimPages
from chuan.registers.register import Part, Register, Words
from chuan.registers.rules import MAX_SHEET, PAGE
from chuan.registers.saving import XLSX, kept, require_correctable, save, seen_in, seen_key, sent
from chuan.registers.sources import unit_name
from chuan.registers.taking import take_in

LIST, FORM = "registers/list.html", "registers/form.html"
View = Callable[..., HttpResponse]


class Pages(ClaimPages):
    """The pages of one register, mounted by its context: `*Pages(KINDS).urls("kinds/")`."""

    template = "registers/record.html"

    def __init__(self, register: Register) -> None:
        self.register = register

    def urls(self, at: str = "") -> list[URLPattern]:
        """Routes `<noun>-list`, `-sheet`, `-import`, `-new`, `-record`, `-correct`, `-void`, of claims and of files."""
        read, write, post = require_GET, require_http_methods(["GET", "POST"]), require_POST
        one = f"{at}<str:code>/"
        routes: list[tuple[str, str, View]] = [
            ("list", at, read(self.list)),
            ("sheet", f"{at}sheet.xlsx", read(self.sheet)),
            ("import", f"{at}import/", write(self.take)),
            ("new", f"{at}new/", write(self.new)),
            *((name, f"{at}{where}", post(view)) for name, where, view in self.claim_routes()),
            ("record", one, read(self.record)),
            ("correct", f"{one}correct/", write(self.correct)),
            ("void", f"{one}void/", post(self.void)),
        ]
        if self.register.files:
            routes += [
                ("attach", f"{one}files/new/", post(self.attach)),
                ("download", f"{one}files/<int:pk>/", read(self.download)),
                ("detach", f"{one}files/<int:pk>/void/", post(self.detach)),
            ]
        return [path(where, login_required(view), name=f"{self.register.slug}-{name}") for name, where, view in routes]

    def address(self, page: str, *args: Any) -> str:
        """Where a page of the register lies."""
        return reverse(self.register.route(page), args=args)

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """What each page of the register knows: its words, its addresses, who may add."""
        register = self.register
        also = ("claim",) if register.claimable else ()
        found = {name: self.address(name) for name in ("list", "sheet", "import", "new", *also)}
        return {"register": register, "urls": found, "can_record": register.can_record(actor_of(request))}

    def _listed(self, request: HttpRequest) -> Actor:
        actor = actor_of(request)
        if not self.register.can_list(actor):
            raise PermissionDenied
        return actor

    def _chosen(self, request: HttpRequest, shelf: forms.Shelf) -> tuple[forms.FilterForm, str, dict[str, Any]]:
        register = self.register
        form = forms.FilterForm(request.GET, record=register.form, names=register.filters, shelf=shelf)
        form.is_valid()
        # A filter that is not understood is left out; the others hold.
        query, chosen = form.cleaned_data.get("q", ""), {}
        for name in (n for n in register.filters if form.cleaned_data.get(n)):
            field, value = register.form.base_fields[name], form.cleaned_data[name]
            if isinstance(field, forms.PickField):
                value = shelf.options(field.source).key_of[value]
            chosen[forms.attname(name, field)] = value
        return form, query, chosen

    def list(self, request: HttpRequest) -> HttpResponse:
        """The register, found by any word without diacritics."""
        actor, register = self._listed(request), self.register
        shelf = forms.Shelf(actor)
        form, query, chosen = self._chosen(request, shelf)
        found, paged = queries.after(
            register, register.rows(actor, query=query, chosen=chosen), request.GET.get("after", "")
        )
        rows = list(found[: PAGE + 1])
        words = Words(register, shelf)
        context = {
            **self.frame(request),
            "form": form,
            "rows": [row_of(register, said, words) for said in rows[:PAGE]],
            "more": queries.place_of(register, rows[PAGE - 1]) if len(rows) > PAGE else "",
            "filtered": bool(query or chosen),
            "paged": paged,
            "sees_all": sees_whole_province(actor),
        }
        return render(request, LIST, context)

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """The register as Excel, in the form in which it can come back: the rows of the page, at most 20,000."""
        actor = self._listed(request)
        shelf = forms.Shelf(actor)
        _form, query, chosen = self._chosen(request, shelf)
        rows = self.register.rows(actor, query=query, chosen=chosen)[:MAX_SHEET]
        content = sheets.write(self.register, rows, Words(self.register, shelf))
        return attachment(content, f"{self.register.slug}-{clock.today():%Y%m%d}.xlsx", XLSX)

    def take(self, request: HttpRequest) -> HttpResponse:
        """A file is checked, shown row by row, and taken in whole or not at all."""
        if not self.register.can_record(actor_of(request)):
            raise PermissionDenied
        return take_in(request, self.register, self.frame(request))

    def said(self, request: HttpRequest, code: str) -> Any:
        """The record's statement in force (of a voided one the last), through `visible_to`."""
        said = queries.record(self.register, actor_of(request), code)
        if said is None:
            raise Http404
        return said

    def correctable(self, request: HttpRequest, code: str) -> Any:
        """A record the actor may correct."""
        said = self.said(request, code)
        require_correctable(request, self.register.can_correct(actor_of(request), said), said)
        return said

    def record(self, request: HttpRequest, code: str) -> HttpResponse:
        """One record: what is said, what hangs on it, files, history."""
        return render(request, self.template, self.shown(request, self.said(request, code)))

    def shown(self, request: HttpRequest, said: Any, **more: Any) -> dict[str, Any]:
        """What the record's page shows; `more` are forms that were sent and refused."""
        register, actor = self.register, actor_of(request)
        shelf = forms.Shelf(actor)
        words, identity = Words(register, shelf), getattr(said, register.subject)
        told = queries.told(register, identity, words)
        return {
            **self.frame(request),
            "said": said,
            "current": said,
            "identity": identity,
            "title": register.label(said),
            "rows": [(f.label, words.say(said, name)) for name, f in register.fields.items()],
            "keeper": unit_name(shelf, said.owner_id),
            "voided": next((h for h in reversed(told) if h.entry.action == register.action("void")), None),
            "parts": [part_of(part, shelf) for part in register.parts(actor, said, shelf)],
            "history": told,
            "can_correct": said.voided_at is None and register.can_correct(actor, said),
            **(self.claims_of(actor, said, shelf)),
            "attachments": self._files(identity),
            "file_form": forms.FileForm(),
            "seen": said.pk,
            "of": {name: self.address(name, identity.code) for name in self._verbs()},
            **more,
        }

    def _verbs(self) -> tuple[str, ...]:
        return ("record", "correct", "void", *(("attach",) if self.register.files else ()))

    def _files(self, identity: Any) -> Any:
        if not self.register.files:
            return []
        found = list(queries.attachments(identity))
        at = {name: lambda a, name=name: self.address(name, identity.code, a.pk) for name in ("download", "detach")}
        return [{"said": a, "download": at["download"](a), "detach": at["detach"](a)} for a in found]

    def new(self, request: HttpRequest) -> HttpResponse:
        """Add a record that one's own unit keeps; the address may say what the form begins with."""
        actor, register = actor_of(request), self.register
        if not register.can_record(actor):
            raise PermissionDenied
        initial = {name: request.GET[name] for name in register.form.base_fields if name in request.GET}
        form = register.form(sent(request), initial=initial or None, shelf=forms.Shelf(actor))
        context = {**self.frame(request), "form": form}
        if request.method == "POST" and form.is_valid():

            def effect() -> tuple[str, str]:
                made = services.add_record(actor=actor, register=register, facts=form.facts())
                return self.address("record", made.code), _("Đã ghi %(code)s.") % {"code": made.code}

            return save(request, form, effect, FORM, lambda: {**context, **self.offer(actor, form)})
        return render(request, FORM, context, status=422 if form.errors else 200)

    def correct(self, request: HttpRequest, code: str) -> HttpResponse:
        """Say a record anew; the statement that was on the screen must still be in force."""
        said, register = self.correctable(request, code), self.register
        shelf = forms.Shelf(actor_of(request))
        initial = register.form.initial_of(said, shelf)
        form = register.form(sent(request), initial=initial, shelf=shelf, seen=said, why=True)
        if request.method == "POST" and form.is_valid():
            seen, why = self.seen(request, said), form.cleaned_data["reason"]

            def effect() -> tuple[str, str]:
                services.correct_record(
                    actor=actor_of(request), register=register, seen=seen, facts=form.facts(), reason=why
                )
                return self.address("record", code), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

            return save(request, form, effect, FORM, lambda: self._compared(request, code, form))
        context = {**self.about(request, said), "form": form}
        return render(request, FORM, context, status=422 if form.errors else 200)

    def about(self, request: HttpRequest, said: Any) -> dict[str, Any]:
        """What a form about a record shows of it."""
        identity = getattr(said, self.register.subject)
        about = {"said": said, "current": said, "identity": identity, "title": self.register.label(said)}
        return {
            **self.frame(request),
            **about,
            "seen": seen_key(request, said),
            "back": self.address("record", identity.code),
        }

    def _compared(self, request: HttpRequest, code: str, form: forms.RecordForm) -> dict[str, Any]:
        """The statement in force beside what was typed, and who said it."""
        said, register = self.said(request, code), self.register
        words = Words(register, form.shelf)
        told = queries.history(register, getattr(said, register.subject))
        typed = register.vocabulary.differences(said, form.facts(), words.names)
        return {**self.about(request, said), "differences": typed, "last": told[-1] if told else None}

    def void(self, request: HttpRequest, code: str) -> HttpResponse:
        """Take a record back, with the reason."""
        said, form = self.correctable(request, code), forms.ReasonForm(request.POST)
        if not form.is_valid():
            return render(request, self.template, self.shown(request, said, void_form=form), status=422)
        seen = self.seen(request, said)

        def effect() -> tuple[str, str]:
            why = form.cleaned_data["reason"]
            services.void_record(actor=actor_of(request), register=self.register, seen=seen, reason=why)
            return self.address("record", code), _("Đã hủy bản ghi. Bản ghi không còn được tính; lịch sử vẫn xem được.")

        return save(
            request, form, effect, self.template, lambda: self.shown(request, self.said(request, code), void_form=form)
        )

    def seen(self, request: HttpRequest, said: Any) -> Any:
        """The statement that the page showed."""
        subject = self.register.subject
        others = self.register.visible_to(actor_of(request)).filter(**{subject: getattr(said, subject)})
        return seen_in(request, said, others.select_related(subject, *self.register.related))

    def attach(self, request: HttpRequest, code: str) -> HttpResponse:
        """Attach a file; its bytes are judged and kept before the row names them."""
        said, form = self.correctable(request, code), forms.FileForm(request.POST, request.FILES)
        file = kept(form)
        if file is None:
            return render(request, self.template, self.shown(request, said, file_form=form), status=422)

        def effect() -> tuple[str, str]:
            title = form.cleaned_data["title"]
            services.attach(actor=actor_of(request), register=self.register, seen=said, title=title, file=file)
            return self.address("record", code), _("Đã đính kèm tệp.")

        return save(
            request, form, effect, self.template, lambda: self.shown(request, self.said(request, code), file_form=form)
        )

    def download(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """The bytes of an attachment of a record one may see."""
        identity = getattr(self.said(request, code), self.register.subject)
        return download(get_object_or_404(queries.attachments(identity), pk=pk).file)

    def detach(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """Take an attachment back."""
        said, form = self.correctable(request, code), forms.ReasonForm(request.POST)
        found = get_object_or_404(queries.attachments(getattr(said, self.register.subject)), pk=pk)
        if not form.is_valid():
            return render(request, self.template, self.shown(request, said, reason_form=form), status=422)

        def effect() -> tuple[str, str]:
            actor, why = actor_of(request), form.cleaned_data["reason"]
            services.detach(actor=actor, register=self.register, seen=said, attachment=found, reason=why)
            return self.address("record", code), _("Đã gỡ tệp.")

        return save(
            request,
            form,
            effect,
            self.template,
            lambda: self.shown(request, self.said(request, code), reason_form=form),
        )


def row_of(register: Register, said: Any, words: Words) -> dict[str, Any]:
    """A statement as a row of a list."""
    identity = getattr(said, register.subject)
    return {
        "code": identity.code,
        "url": reverse(register.route("record"), args=[identity.code]),
        "title": register.label(said),
        "cells": list(zip(register.headings, register.cells(said, words) if register.cells else (), strict=False)),
        "owner": said.owner_id,
    }


def part_of(part: Part, shelf: forms.Shelf) -> dict[str, Any]:
    """Records of another register as a record's page shows them."""
    words = Words(part.register, shelf)
    new = f"{reverse(part.register.route('new'))}?{part.query}"
    rows = [row_of(part.register, said, words) for said in part.rows]
    return {
        "title": part.title,
        "register": part.register,
        "rows": rows,
        "new": new,
        "can_add": part.can_add,
        "empty": part.empty,
    }
