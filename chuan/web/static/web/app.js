/* Everything works without this file; with it, a form is not sent twice and open menus close. */
(function () {
  'use strict'

  const RESTORE_AFTER = 12000

  function release (form) {
    delete form.dataset.sent
    form.removeAttribute('aria-busy')
    form.querySelectorAll('[data-held]').forEach(function (button) {
      button.disabled = false
      delete button.dataset.held
    })
  }

  function hold (form) {
    form.setAttribute('aria-busy', 'true')
    const buttons = Array.from(form.elements).filter(function (e) { return e.type === 'submit' && !e.disabled })
    buttons.forEach(function (button) {
      button.dataset.held = ''
      button.disabled = true
    })
    window.setTimeout(release, RESTORE_AFTER, form)
  }

  document.addEventListener('submit', function (event) {
    const form = event.target
    if (event.defaultPrevented || form.method !== 'post' || 'repeatable' in form.dataset) return
    if ('sent' in form.dataset) {
      event.preventDefault()
      return
    }
    form.dataset.sent = ''
    // A disabled button is left out of what is sent, so it is disabled only after the data were gathered.
    window.setTimeout(hold, 0, form)
  })

  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(release)
  })

  // Menus: Escape closes and gives the focus back; a click elsewhere closes.
  const menus = function () { return document.querySelectorAll('details[data-menu][open]') }
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return
    menus().forEach(function (menu) {
      menu.open = false
      menu.querySelector('summary').focus()
    })
  })
  document.addEventListener('click', function (event) {
    menus().forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false
    })
    const printer = event.target.closest('[data-print]')
    if (printer) window.print()
  })

  function ready () {
    const summary = document.querySelector('[data-error-summary]')
    if (summary) summary.focus()
    document.querySelectorAll('[data-needs-script]').forEach(function (e) { e.hidden = false })
    if (window.PublicKeyCredential) {
      document.querySelectorAll('[data-needs-passkey]').forEach(function (e) { e.hidden = false })
    } else {
      document.querySelectorAll('[data-no-passkey]').forEach(function (e) { e.hidden = false })
    }
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready)
  else ready()

  // allauth reports a cancelled or failed security key here; the page holds the sentence to show.
  document.addEventListener('allauth.error', function (event) {
    const note = document.getElementById('passkey-failed')
    if (!note) return
    event.preventDefault()
    note.hidden = false
    note.focus()
  })
})()
