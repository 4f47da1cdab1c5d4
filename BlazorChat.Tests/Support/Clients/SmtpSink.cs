using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using MimeKit;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>An SMTP server on a free loopback port that stores the mails it accepts (RFC 5321, without extensions).</summary>
/// <example>
/// <code>
/// await using var sink = SmtpSink.Start();
/// await using var node = await HostedNode.StartAsync(null, sink.Settings);
/// var mail = await sink.ReceiveAsync();
/// </code>
/// </example>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<MimeMessage> _mails = Channel.CreateUnbounded<MimeMessage>();
    private readonly CancellationTokenSource _stopped = new();
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <summary>Settings of a node that sends its mails here.</summary>
    public string[] Settings =>
    [
        "Mail:Host=127.0.0.1", $"Mail:Port={((IPEndPoint)_listener.LocalEndpoint).Port}", "Mail:Security=None", "Mail:From=chat@example.org",
        "Shell:PublicUrl=http://127.0.0.1",
    ];

    /// <summary>The answer to a receiver: 250, 451, 550.</summary>
    public int RecipientAnswer { get; set; } = 250;

    /// <summary>The number of connections so far.</summary>
    public int Connections => _connections;

    /// <summary>The number of mails that nobody has received yet.</summary>
    public int Waiting => _mails.Reader.Count;

    public static SmtpSink Start()
    {
        var sink = new SmtpSink();
        sink._listener.Start();
        sink._accepting = sink.AcceptAsync();
        return sink;
    }

    /// <summary>The next mail.</summary>
    /// <exception cref="OperationCanceledException">None came within <see cref="TestWait.Limit"/>.</exception>
    public async Task<MimeMessage> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return await _mails.Reader.ReadAsync(timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopped.Token);
                Interlocked.Increment(ref _connections);
                clients.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            using var reader = new StreamReader(client.GetStream());
            await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 sink");
            while (await reader.ReadLineAsync(_stopped.Token) is { } line)
            {
                var command = line.Split(' ', ':')[0].ToUpperInvariant();
                await writer.WriteLineAsync(command switch
                {
                    "RCPT" => $"{RecipientAnswer} receiver",
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                });
                if (command == "QUIT")
                    return;
                if (command != "DATA")
                    continue;
                await _mails.Writer.WriteAsync(await ReadMailAsync(reader));
                await writer.WriteLineAsync("250 accepted");
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<MimeMessage> ReadMailAsync(StreamReader reader)
    {
        var content = new StringWriter();
        while (await reader.ReadLineAsync(_stopped.Token) is { } line && line != ".")
            await content.WriteAsync($"{(line.StartsWith('.') ? line[1..] : line)}\r\n");
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content.ToString()));
        return await MimeMessage.LoadAsync(stream, _stopped.Token);
    }
}
