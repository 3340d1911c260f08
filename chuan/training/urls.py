"""The training register."""

from django.urls import path

from chuan.training import views

app_name = "training"
urlpatterns = [
    path("", views.register.courses, name="courses"),
    path("courses.xlsx", views.register.courses_sheet, name="courses-sheet"),
    path("import/", views.register.take_courses, name="course-import"),
    path("new/", views.register.new_course, name="new-course"),
    path("suspects/", views.suspects.suspects, name="suspects"),
    path("suspects/<str:code>/<str:other>/merge/", views.suspects.merge, name="merge"),
    path("suspects/<str:code>/<str:other>/tell-apart/", views.suspects.tell_apart, name="tell-apart"),
    path("suspects/merges/<int:pk>/undo/", views.suspects.undo_merge, name="undo-merge"),
    path("suspects/differences/<int:pk>/undo/", views.suspects.undo_tell_apart, name="undo-tell-apart"),
    path("<str:code>/", views.register.course, name="course"),
    path("<str:code>/correct/", views.register.correct_course, name="correct-course"),
    path("<str:code>/void/", views.register.void_course, name="void-course"),
    path("<str:code>/lines.xlsx", views.lines.sheet, name="lines-sheet"),
    path("<str:code>/lines/import/", views.lines.take, name="line-import"),
    path("<str:code>/lines/new/", views.lines.new_line, name="new-line"),
    path("<str:code>/lines/paste/", views.lines.paste, name="paste"),
    path("<str:code>/lines/<str:line>/correct/", views.lines.correct_line, name="correct-line"),
    path("<str:code>/lines/<str:line>/void/", views.lines.void_line, name="void-line"),
    path("<str:code>/files/new/", views.files.attach, name="attach"),
    path("<str:code>/files/<int:pk>/", views.files.download, name="download"),
    path("<str:code>/files/<int:pk>/void/", views.files.detach, name="detach"),
]
