"""The urls of the project: the API first, then the pages."""

from core.origin import same_origin
from fastapi import APIRouter, Depends

from raystack import include

router = APIRouter(dependencies=[Depends(same_origin)])
router.include_router(include("apps.blog.api.urls", namespace="api"), prefix="/api")
router.include_router(include("apps.blog.urls", namespace="blog"))
