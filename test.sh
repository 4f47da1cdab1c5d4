#!/usr/bin/env bash
# Runs every test and ends with "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")"
dotnet test
