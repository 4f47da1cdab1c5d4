using System.Net;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// An upload that a node has let in, and that goes on as over a slow line until it is ended or broken off. It never stands still:
/// Kestrel ends what does. Every wait is bounded by 15 seconds.
/// </summary>
public sealed class HeldUpload : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _brokenOff = new();
    private readonly SlowBody _body = new();
    private readonly HttpRequestMessage _request;
    private readonly Task<HttpResponseMessage> _answer;

    private HeldUpload(HttpClient http, Guid id, Func<HttpContent, HttpRequestMessage> createRequest)
    {
        Id = id;
        _request = createRequest(_body);
        _answer = http.SendAsync(_request, _brokenOff.Token);
    }

    public Guid Id { get; }

    /// <summary>Returns when the node has let it in: it asks for the body then.</summary>
    /// <exception cref="HttpRequestException">It was refused.</exception>
    internal static async Task<HeldUpload> BeginAsync(HttpClient http, Guid id, Func<HttpContent, HttpRequestMessage> createRequest)
    {
        var upload = new HeldUpload(http, id, createRequest);
        await Task.WhenAny(upload._body.Wanted, upload._answer).WaitAsync(Patience);
        if (upload._body.Wanted.IsCompleted)
            return upload;
        using var refusal = await upload._answer;
        await upload.DisposeAsync();
        throw new HttpRequestException("The node did not let it in.", null, refusal.StatusCode);
    }

    /// <summary>Sends its last part.</summary>
    public async Task<HttpStatusCode> EndAsync()
    {
        _body.End();
        using var response = await _answer.WaitAsync(Patience);
        return response.StatusCode;
    }

    /// <summary>Closes its connection. The node needs a moment to see that.</summary>
    public async Task BreakOffAsync()
    {
        await _brokenOff.CancelAsync();
        await ((Task)_answer).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await BreakOffAsync();
        _request.Dispose();
        _brokenOff.Dispose();
    }

    private sealed class SlowBody : HttpContent
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

        private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Wanted => _wanted.Task;

        public void End() => _ended.TrySetResult();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _wanted.TrySetResult();
            while (!_ended.Task.IsCompleted)
            {
                // Writing does not look at the token.
                cancellationToken.ThrowIfCancellationRequested();
                await stream.WriteAsync(new byte[200], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await _ended.Task.WaitAsync(Pause, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
