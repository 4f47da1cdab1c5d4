#!/usr/bin/env bash
# ASP.NET Core 10.0 (shared framework): a PersistentComponentStateSerializer<T> that is registered as a service, and two
# hosts in one process, as integration tests have them.
#
# Expected: each host's pages are written by the serializer of that host's services.
# Seen: the first host's serializer writes the pages of both, for as long as the process lives, also when the first host and its
# services have been disposed. What persists [PersistentState] properties keeps serializers by type in a static field. A
# serializer that holds a service (a cache, a clock) then works on a disposed one, or on that of another host.
#
# Needs: the .NET 10 SDK. Works in a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > hosts.cs <<'CS'
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
using System.Buffers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

var writers = new List<string>();
foreach (var name in new[] { "one", "two" })
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.ClearProviders();
    builder.Services.AddRazorComponents().AddInteractiveServerComponents();
    builder.Services.AddSingleton<PersistentComponentStateSerializer<Note>>(new NoteSerializer(name, writers));
    await using var app = builder.Build();
    app.UseAntiforgery();
    app.MapRazorComponents<Document>().AddInteractiveServerRenderMode().DisableAntiforgery();
    await app.StartAsync();
    using var http = new HttpClient();
    using var page = await http.GetAsync(app.Urls.Single());
    page.EnsureSuccessStatusCode();
}

Console.WriteLine($"{Environment.Version}: host one's page and host two's page were written by the serializers of: {string.Join(", ", writers)}");
return writers is ["one", "one"] ? 0 : 1;

public sealed record Note(string Text);

public sealed class NoteSerializer(string host, List<string> writers) : PersistentComponentStateSerializer<Note>
{
    public override void Persist(Note value, IBufferWriter<byte> writer)
    {
        writers.Add(host);
        writer.Write("{}"u8);
    }

    public override Note Restore(ReadOnlySequence<byte> data) => new("");
}

[Route("/")]
public sealed class Document : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "body");
        builder.OpenComponent<Holder>(1);
        builder.AddComponentRenderMode(RenderMode.InteractiveServer);
        builder.CloseComponent();
        builder.CloseElement();
    }
}

public sealed class Holder : ComponentBase
{
    [PersistentState]
    public Note? Note { get; set; }

    protected override void OnInitialized() => Note ??= new("hello");
}
CS
dotnet run hosts.cs
