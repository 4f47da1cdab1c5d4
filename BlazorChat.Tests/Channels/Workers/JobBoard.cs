using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>
/// Where the worker processes of a test ask what to do: each try at a chore is a request that the test answers. A worker that is told no has
/// failed; one that gets no answer works.
/// </summary>
internal sealed class JobBoard : IAsyncDisposable
{
    private readonly Channel<Visit> _visits = System.Threading.Channels.Channel.CreateUnbounded<Visit>();
    private readonly WebApplication _app;

    private JobBoard(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Whether a try succeeds; yes unless a test says otherwise.</summary>
    public Func<Visit, Task<bool>> Answer { get; set; } = _ => Task.FromResult(true);

    public static async Task<JobBoard> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var board = new JobBoard(builder.Build());
        board._app.Run(board.AnswerAsync);
        await board._app.StartAsync();
        return board;
    }

    /// <summary>The next try.</summary>
    /// <exception cref="OperationCanceledException">None came within <see cref="TestWait.Limit"/>.</exception>
    public async Task<Visit> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return await _visits.Reader.ReadAsync(timeout.Token);
    }

    public async Task<IReadOnlyList<Visit>> NextAsync(int count)
    {
        var visits = new List<Visit>(count);
        while (visits.Count < count)
            visits.Add(await NextAsync());
        return visits;
    }

    /// <summary>Whether a try has come that nobody has read.</summary>
    public bool HasNext => _visits.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var visit = new Visit(Number("number"), Number("process"));
        _visits.Writer.TryWrite(visit);
        var answer = await Answer(visit).WaitAsync(context.RequestAborted);
        context.Response.StatusCode = answer ? StatusCodes.Status200OK : StatusCodes.Status418ImATeapot;

        int Number(string name) => int.Parse(context.Request.Query[name]!, CultureInfo.InvariantCulture);
    }

    public sealed record Visit(int Number, int Process);
}
