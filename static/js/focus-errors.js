// A page that came back with errors starts at their summary: a keyboard and a screen reader are there at once.
document.querySelector("[data-focus]")?.focus();
