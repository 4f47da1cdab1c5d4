using System.Net;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// An upload that a node has admitted, and that sends 200 bytes five times a second until the test ends it or breaks it off: Kestrel would end
/// a request that sends nothing. Every wait has the timeout <see cref="TestWait.Limit"/>.
/// </summary>
public sealed class HeldUpload : IAsyncDisposable
{
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

    /// <summary>The id of the attachment.</summary>
    public Guid Id { get; }

    /// <summary>Starts an upload and returns when the node has admitted it, which is when it asks for the body.</summary>
    /// <exception cref="HttpRequestException">The node refused it.</exception>
    internal static async Task<HeldUpload> BeginAsync(HttpClient http, Guid id, Func<HttpContent, HttpRequestMessage> createRequest)
    {
        var upload = new HeldUpload(http, id, createRequest);
        await Task.WhenAny(upload._body.Wanted, upload._answer).WaitAsync(TestWait.Limit);
        if (upload._body.Wanted.IsCompleted)
            return upload;
        using var refusal = await upload._answer;
        await upload.DisposeAsync();
        throw new HttpRequestException("The node did not let it in.", null, refusal.StatusCode);
    }

    /// <summary>Ends the body and returns the HTTP status of the response.</summary>
    public async Task<HttpStatusCode> EndAsync()
    {
        _body.End();
        using var response = await _answer.WaitAsync(TestWait.Limit);
        return response.StatusCode;
    }

    /// <summary>Closes the connection. The node notices it a moment later.</summary>
    public async Task BreakOffAsync()
    {
        await _brokenOff.CancelAsync();
        await ((Task)_answer).WaitAsync(TestWait.Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                // Writing does not observe the token.
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
