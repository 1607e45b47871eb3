"""Indicator 3.3: how dossiers were handed in, of those received in the period.

Source: QĐ 766/QĐ-TTg as the national portal describes it: channel 2, channel 1 or empty, channel 3. Counting a row that
says nothing as handed in at the counter is the portal's rule; beside it stands a rate over those that say something.
"""

from __future__ import annotations

from dossier.facts import Cell
from dossier.register import Channel
from reports.indicators.formula import Formula
from reports.view import View


def _received(cell: Cell, view: View) -> bool:
    return view.received_within(cell)


def _online(cell: Cell, _view: View) -> bool:
    return cell.facts.channel is Channel.ONLINE


def _direct_or_silent(cell: Cell, _view: View) -> bool:
    return cell.facts.channel in {Channel.DIRECT, None}


def _post(cell: Cell, _view: View) -> bool:
    return cell.facts.channel is Channel.POST


def _received_with_channel(cell: Cell, view: View) -> bool:
    return view.received_within(cell) and cell.facts.channel is not None


def _says(cell: Cell) -> bool:
    return cell.facts.channel is not None


FORMULAS = (
    Formula("online", "hososo-truc-tuyen/2026-01", _received_with_channel, _online),
    Formula("channel_online", "766-3.3/2025-07", _received, _online, says=_says),
    Formula("channel_direct", "766-3.3/2025-07", _received, _direct_or_silent, says=_says),
    Formula("channel_post", "766-3.3/2025-07", _received, _post, says=_says),
)
