"""What a demanding user would see wrong on a page, measured: jumps, text cut or over text, words broken inside."""

from __future__ import annotations

from playwright.sync_api import Page

LARGEST_JUMP = 0.1

# Milliseconds after which a page is shown as far as it is (uplift.css): jumps on a machine as busy as that say nothing.
_SHOWN_ANYWAY = 8_000
_JUMPS = f"""window.jumps = []; new PerformanceObserver(list => {{ for (const entry of list.getEntries())
  if (!entry.hadRecentInput && entry.startTime < {_SHOWN_ANYWAY}) window.jumps.push(entry.value);
}}).observe({{type: 'layout-shift', buffered: true}})"""

_FAULTS = r"""() => {
  const main = document.querySelector('.stMain'), found = [], texts = [], range = document.createRange();
  if (main.scrollWidth > main.clientWidth) found.push('the page scrolls sideways');
  const hidden = element => {
    for (let at = element; at && at !== main; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.visibility === 'hidden' || +style.opacity === 0 || style.clipPath === 'inset(50%)') return true;
      if (style.position === 'absolute' && at.offsetWidth <= 1) return true;
    }
    return false;
  };
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement, text = node.textContent.trim();
    if (!text || !element.checkVisibility()) continue;
    if (element.closest('style, script, canvas, [data-testid=stIconMaterial]')) continue;
    if (element.closest('[aria-hidden=true]') && !element.closest('svg') || hidden(element)) continue;
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width > 0 && box.height > 0);
    if (!boxes.length) continue;
    const whole = range.getBoundingClientRect(), drawing = element.closest('svg.main-svg');
    texts.push(...boxes.map(box => ({node, box, text})));
    if (drawing) {
      const frame = drawing.getBoundingClientRect();
      const isOut = whole.right > frame.right + 1.5 || whole.left < frame.left - 1.5;
      if (isOut) found.push(`cut by its chart: ${text.slice(0, 40)}`);
      if (/\d[mµ]$/.test(text)) found.push(`thousandths: ${text}`);
      continue;
    }
    for (let at = element; at && at !== main; at = at.parentElement) {
      const style = getComputedStyle(at), frame = at.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflowX)) break;
      if (/hidden|clip/.test(style.overflowX) && (whole.right > frame.right + 1.5 || whole.bottom > frame.bottom + 3)) {
        found.push(`cut: ${text.slice(0, 40)}`);
        break;
      }
    }
    for (const word of text.matchAll(/[A-Za-z0-9,.’]{2,18}/g)) {
      const start = node.textContent.indexOf(word[0]);
      range.setStart(node, start);
      range.setEnd(node, start + word[0].length);
      const tops = [...range.getClientRects()].filter(box => box.width > 0).map(box => box.top);
      if (Math.max(...tops) - Math.min(...tops) > 6) found.push(`broken inside: ${word[0]}`);
    }
  }
  texts.sort((one, other) => one.box.top - other.box.top);
  texts.forEach((one, at) => {
    for (let next = at + 1; next < texts.length && texts[next].box.top < one.box.bottom; next += 1) {
      const other = texts[next], lower = Math.min(one.box.height, other.box.height) * .3;
      if (one.node === other.node) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const both = `${one.text.slice(0, 30)} | ${other.text.slice(0, 30)}`;
      if (across > 2 && down > lower) found.push(`over each other: ${both}`);
    }
  });
  return found;
}"""


def note_jumps(page: Page) -> None:
    """From the next address on the page counts how far what is on it is pushed."""
    page.add_init_script(_JUMPS)


def jumped(page: Page) -> float:
    """How far what was on the page was pushed since it was opened: the sum of its layout shifts."""
    return float(page.evaluate("(window.jumps || []).reduce((sum, jump) => sum + jump, 0)"))


def faults(page: Page) -> list[str]:
    """What cannot be read at the window's width: cut, over another, broken inside a word, or off the page."""
    # What unfolds is cut while it does.
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")
    return list(page.evaluate(_FAULTS))
