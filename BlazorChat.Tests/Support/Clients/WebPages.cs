using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>Another site, on a real Kestrel of this machine: pages that a test adds, also ones that stall or lie. Every wait has the timeout <see cref="TestWait.Limit"/>.</summary>
/// <example>
/// <code>
/// await using var pages = await WebPages.StartAsync();
/// pages.AddHtml("/news", "&lt;title&gt;News&lt;/title&gt;");
/// await using var node = await HostedNode.StartAsync(null, pages.Settings);
/// await pages.RequestedAsync("/news");
/// </code>
/// </example>
public sealed class WebPages : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _pages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Channel<IHeaderDictionary>> _requests = new(StringComparer.Ordinal);

    private WebPages(WebApplication app) => _app = app;

    /// <summary>Its address, with a slash at the end.</summary>
    public Uri Address { get; private set; } = default!;

    /// <summary>Settings of a node that looks its pages up.</summary>
    public string[] Settings => ["LinkPreviews:Enabled=true", $"LinkPreviews:AllowedHosts:0={Address.Host}:{Address.Port}"];

    public static async Task<WebPages> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        var pages = new WebPages(builder.Build());
        pages._app.Run(pages.ServeAsync);
        await pages._app.StartAsync().WaitAsync(TestWait.Limit);
        pages.Address = new Uri(pages._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/");
        return pages;
    }

    /// <summary>The absolute address of a path.</summary>
    public string Of(string path) => new Uri(Address, path).AbsoluteUri;

    /// <summary>Answers requests for a path and query.</summary>
    public void Add(string path, RequestDelegate answer) => _pages[path] = answer;

    /// <summary>Adds bytes with a type.</summary>
    public void Add(string path, byte[] body, string contentType) => Add(path, async context =>
    {
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>Adds a page in UTF-8.</summary>
    public void AddHtml(string path, string html) => Add(path, Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8");

    public void AddRedirect(string path, string location) => Add(path, context =>
    {
        context.Response.Redirect(location);
        return Task.CompletedTask;
    });

    /// <summary>Adds a page that is not answered before the test ends it, or the client gives up.</summary>
    /// <returns>Ends the wait.</returns>
    public TaskCompletionSource AddStalled(string path, string html = "<title>Late</title>")
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(path, async context =>
        {
            await held.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(html, context.RequestAborted);
        });
        return held;
    }

    /// <summary>Waits for the next request of a path, and returns its headers.</summary>
    public async Task<IHeaderDictionary> RequestedAsync(string path)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return await RequestsOf(path).Reader.ReadAsync(timeout.Token);
    }

    /// <summary>The number of requests of a path that the test has not waited for.</summary>
    public int CountOf(string path) => RequestsOf(path).Reader.Count;

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(timeout.Token);
        await _app.DisposeAsync();
    }

    private Channel<IHeaderDictionary> RequestsOf(string path) => _requests.GetOrAdd(path, _ => Channel.CreateUnbounded<IHeaderDictionary>());

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path + context.Request.QueryString.Value;
        RequestsOf(path).Writer.TryWrite(new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value)));
        if (!_pages.TryGetValue(path, out var answer))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await answer(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client gave up.
        }
    }
}
