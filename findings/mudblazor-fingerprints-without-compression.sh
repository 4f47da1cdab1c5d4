#!/usr/bin/env bash
# MudBlazor 9.12.0 in an app of the .NET 10 SDK, with MapStaticAssets and the addresses that Assets["…"] gives.
#
# Expected: a stylesheet of a package is served compressed under both of its addresses, as one of the app's own is.
# Seen: publishing writes MudBlazor.min.css.br (43 kB) and .gz, and only the address without a fingerprint has them. The address with the
# fingerprint, which pages use since it may be cached for a year, always answers with the whole 627 kB. The fingerprint comes with the
# package, and the SDK adds compressed variants to the other addresses of such an asset only.
#
# Needs: the .NET 10 SDK and curl. Installs into a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > app.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="MudBlazor" Version="9.12.0" /></ItemGroup>
</Project>
XML
mkdir wwwroot
for i in $(seq 2000); do echo 'a { color: red }'; done > wwwroot/own.css
cat > app.cs <<'CS'
var app = WebApplication.CreateBuilder(args).Build();
app.MapStaticAssets();
app.MapGet("/addresses", (EndpointDataSource all) => string.Join('\n', all.Endpoints.OfType<RouteEndpoint>()
    .Select(endpoint => endpoint.RoutePattern.RawText!).Where(route => route.EndsWith(".css") && !route.Contains("bundle")).Distinct()));
app.Run();
CS
dotnet publish -c Release -o out --nologo -v quiet
test -s out/wwwroot/_content/MudBlazor/MudBlazor.min.css.br
cd out
dotnet app.dll --urls http://127.0.0.1:5391 >/dev/null &
curl -s --retry 50 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:5391/addresses
for address in $(curl -s http://127.0.0.1:5391/addresses); do
    name=$(sed -E 's/\.[a-z0-9]{10}\.css$/.FINGERPRINT.css/' <<<"$address")
    encoding=$(curl -s -o /dev/null -D - -H 'Accept-Encoding: br' "http://127.0.0.1:5391/$address" | tr -d '\r' | sed -nE 's/^Content-Encoding: //p')
    echo "$name: ${encoding:-none}"
done | sort | tee ../seen
cat > ../expected <<'TEXT'
_content/MudBlazor/MudBlazor.min.FINGERPRINT.css: none
_content/MudBlazor/MudBlazor.min.css: br
own.FINGERPRINT.css: br
own.css: br
TEXT
diff ../expected ../seen
