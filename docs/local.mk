# `make docs': the reference of the library; needs doxygen, which nothing else does.
EXTRA_DIST += Doxyfile
.PHONY: docs docs-api
docs: docs-api
docs-api:
	$(AM_V_GEN)mkdir -p docs/api
	$(AM_V_at){ cat $(srcdir)/Doxyfile && \
	  echo 'INPUT = $(srcdir)/src/include/rtmv2.h $(srcdir)/src/include/rtmhost.h' && \
	  echo 'STRIP_FROM_PATH = $(srcdir)' && echo 'PROJECT_NUMBER = $(PACKAGE_VERSION)' && \
	  echo 'EXAMPLE_PATH = $(srcdir)/docs/examples' && \
	  echo 'OUTPUT_DIRECTORY = docs/api'; } | doxygen -
clean-local: clean-docs
clean-docs:
	-rm -rf docs/api
