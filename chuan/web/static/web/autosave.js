/* A form that is saved by itself while somebody writes; without this file its button saves.
   The server answers a sentence that stands beside the button. What was typed is never taken away. */
(function () {
  'use strict'

  const form = document.querySelector('form[data-autosave]')
  if (!form) return
  const note = form.querySelector('[data-autosave-note]')
  const QUIET = 20000
  const LONGEST = 30000
  const AGAIN = 15000
  const GROUP = 'fieldset, .card, .money-row'
  // Under this many characters a request outlives its page.
  const OUTLIVES = 60000

  let saved = 'autosaveDirty' in form.dataset ? '' : content()
  let timer = 0
  let since = 0
  let running = null
  // "conflict": somebody else saved, only the button goes on; "ended": the session is over; "sent": the page is left.
  let stopped = ''

  function content () {
    const data = new FormData(form)
    ;['csrfmiddlewaretoken', '_key', '_acting', 'version'].forEach(function (name) { data.delete(name) })
    return new URLSearchParams(data).toString()
  }

  function say (words, bad) {
    note.textContent = words
    note.classList.toggle('late-words', bad)
  }

  function later (wait) {
    window.clearTimeout(timer)
    timer = window.setTimeout(save, wait)
  }

  function touched () {
    const now = Date.now()
    since = since || now
    later(Math.max(0, Math.min(QUIET, since + LONGEST - now)))
  }

  function save () {
    window.clearTimeout(timer)
    const sent = content()
    if (running || stopped || sent === saved) return
    const body = new URLSearchParams(new FormData(form))
    body.append('auto', '1')
    const keepalive = body.toString().length < OUTLIVES
    const signal = AbortSignal.timeout ? AbortSignal.timeout(QUIET) : undefined
    const asked = fetch(form.action, { method: 'POST', body, keepalive, signal, redirect: 'manual' })
    running = asked.then(function (answer) { return heard(answer, sent) }).catch(failed).finally(function () {
      running = null
    })
  }

  function heard (answer, sent) {
    if (answer.type === 'opaqueredirect' || answer.status === 403) {
      stopped = 'ended'
      say(form.dataset.autosaveEnded, true)
      return
    }
    if (answer.status >= 500) throw new Error(answer.status)
    return answer.json().then(function (told) {
      say(told.said, !answer.ok)
      since = 0
      if (answer.status === 409) stopped = 'conflict'
      if (!answer.ok) return
      form.elements.version.value = told.version
      saved = sent
      if (content() !== saved) touched()
    })
  }

  function failed () {
    say(form.dataset.autosaveFailed, true)
    later(AGAIN)
  }

  // Somebody signed in again in another window: the page's token is of the session before.
  function renew () {
    return fetch(form.dataset.autosave).then(function (answer) {
      return answer.redirected || !answer.ok ? '' : answer.text()
    }).then(function (text) {
      const page = new DOMParser().parseFromString(text, 'text/html')
      const token = page.querySelector('form[data-autosave] [name=csrfmiddlewaretoken]')
      if (!token) return
      document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(function (field) { field.value = token.value })
      stopped = ''
      save()
    }).catch(function () {})
  }

  form.addEventListener('input', touched)
  form.addEventListener('change', touched)
  form.addEventListener('focusout', function (event) {
    const group = event.target.closest(GROUP) || event.target
    if (!group.contains(event.relatedTarget)) save()
  })
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) save()
  })
  window.addEventListener('focus', function () {
    if (stopped === 'ended') renew()
  })
  window.addEventListener('beforeunload', function (event) {
    if (stopped !== 'sent' && (stopped || note.classList.contains('late-words')) && content() !== saved) {
      event.preventDefault()
    }
  })
  form.addEventListener('submit', function (event) {
    if (stopped === 'ended') {
      event.preventDefault()
      renew()
    } else if (running) {
      // The button's own save would find a newer version: ours.
      event.preventDefault()
      running.then(function () { form.requestSubmit(event.submitter) })
    } else {
      window.clearTimeout(timer)
      stopped = 'sent'
    }
  })
  if (content() !== saved) touched()
})()
