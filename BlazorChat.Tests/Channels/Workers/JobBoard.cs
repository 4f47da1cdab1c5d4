using System.Globalization;
using System.Threading.Channels;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>
/// A server that the worker processes of a test call: each try of a chore is a request that the test answers. A try fails when the answer is no,
/// and runs as long as there is no answer.
/// </summary>
internal sealed class JobBoard : IAsyncDisposable
{
    private readonly Channel<Visit> _visits = System.Threading.Channels.Channel.CreateUnbounded<Visit>();
    private readonly WebApplication _app;

    private JobBoard(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Returns whether a try succeeds; true by default.</summary>
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

    /// <summary>Waits for the next try.</summary>
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

    /// <summary>Whether a try has come that the test has not read.</summary>
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
