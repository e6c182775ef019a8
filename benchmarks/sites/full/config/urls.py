"""The urls of the project."""

from fastapi import APIRouter

from raystack import include

router = APIRouter()
router.include_router(include("apps.articles.urls"))
