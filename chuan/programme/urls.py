"""The plan: text, tasks, readings."""

from django.urls import path

from chuan.programme import views

app_name = "programme"
urlpatterns = [
    path("", views.plan.latest, name="latest"),
    path("<str:code>/", views.plan.plan, name="plan"),
    path("<str:code>/text.txt", views.plan.text_file, name="text-file"),
    path("<str:code>/tasks/", views.tasks.tasks, name="tasks"),
    path("<str:code>/tasks/<str:item>/", views.tasks.task, name="task"),
    path("<str:code>/tasks/<str:item>/assign/", views.tasks.assign, name="assign"),
    path(
        "<str:code>/tasks/<str:item>/assignments/<int:pk>/correct/",
        views.tasks.correct_assignment,
        name="correct-assignment",
    ),
    path("<str:code>/tasks/<str:item>/assignments/<int:pk>/void/", views.tasks.void_assignment, name="void-assignment"),
    path("<str:code>/readings/", views.readings.readings, name="readings"),
    path("<str:code>/readings/<str:one>/", views.readings.reading, name="reading"),
    path("<str:code>/readings/<str:one>/request.<str:kind>", views.readings.paper, name="request"),
    path("<str:code>/readings/<str:one>/settle/", views.readings.settle, name="settle"),
    path("<str:code>/readings/<str:one>/replies/<int:pk>/correct/", views.readings.correct_reply, name="correct-reply"),
    path("<str:code>/readings/<str:one>/replies/<int:pk>/void/", views.readings.void_reply, name="void-reply"),
    path("<str:code>/readings/<str:one>/replies/<int:pk>/file/", views.readings.reply_file, name="reply-file"),
]
