using BlazorChat.Channels.Layer;
using BlazorChat.Data.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// A node in the process of the tests: the Program of the app, from the output of the build, on a real Kestrel. It starts faster than a
/// process, because its code is compiled already.
/// </summary>
/// <example>
/// <code>
/// await using var node = await HostedNode.StartAsync(null, "Channels:Echo=true");
/// using var visitor = new FormClient(node.Address);
/// </code>
/// </example>
public sealed class HostedNode : Node
{
    private readonly App _app;

    public IServiceProvider Services => _app.Services;

    private HostedNode(string dataFolder, string[] settings)
        : base(dataFolder) => _app = new App(this, settings);

    /// <summary>Starts a node and returns when it listens.</summary>
    /// <param name="dataFolder">The data folder of another node, to share its database; null for a new one.</param>
    /// <param name="settings">Settings as on the command line: <c>ConnectionStrings:Redis=…</c>.</param>
    /// <exception cref="InvalidOperationException">The app did not start.</exception>
    public static async Task<HostedNode> StartAsync(string? dataFolder = null, params string[] settings)
    {
        var node = new HostedNode(dataFolder ?? await MigratedFolder.CreateAsync(), settings);
        // The factory blocks its caller until the app listens.
        await Task.Factory.StartNew(node._app.Start, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(TestWait.Limit);
        node.Address = new Uri(node._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/");
        return node;
    }

    public override ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class App : WebApplicationFactory<IChannelLayer>
    {
        /// <summary>Tests dispose a node while browsers and programs are still connected.</summary>
        private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(1);

        private readonly HostedNode _node;
        private readonly string[] _settings;

        public App(HostedNode node, string[] settings)
        {
            (_node, _settings) = (node, settings);
            UseKestrel();
        }

        public void Start() => StartServer();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(Repository);
            builder.UseUrls("http://127.0.0.1:0");
            foreach (var setting in WithDefaults(_node.DataFolder, _settings))
            {
                var at = setting.IndexOf('=', StringComparison.Ordinal);
                builder.UseSetting(setting[..at], setting[(at + 1)..]);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(new Console(_node)));
            builder.ConfigureServices(services =>
            {
                services.ConfigureDbContext<SqliteChatDbContext>(AsyncSqlite.AddTo);
                services.PostConfigure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);
                EndpointList.AddTo(services);
            });
        }
    }

    /// <summary>Formats log lines like the console of a process.</summary>
    private sealed class Console(HostedNode node) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Category(node, categoryName);

        public void Dispose()
        {
        }

        private sealed class Category(HostedNode node, string name) : ILogger
        {
            private const string Indent = "      ";

            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                node.AddToLog($"{NameOf(logLevel)}: {name}[{eventId.Id}]");
                foreach (var line in $"{formatter(state, exception)}\n{exception}".TrimEnd().Split('\n'))
                    node.AddToLog(Indent + line);
            }

            private static string NameOf(LogLevel level) => level switch
            {
                LogLevel.Critical => "crit",
                LogLevel.Error => "fail",
                LogLevel.Warning => "warn",
                LogLevel.Information => "info",
                _ => "dbug",
            };
        }
    }
}
