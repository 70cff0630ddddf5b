from django.urls import path

from core import views

urlpatterns = [
    path("design/", views.gallery, name="gallery"),
    path("design/brand.css", views.gallery_brand, name="gallery-brand"),
]
