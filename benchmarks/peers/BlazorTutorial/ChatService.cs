namespace BlazorTutorial;

/// <summary>One for all circuits: it stores the newest messages and notifies its subscribers.</summary>
public sealed class ChatService
{
    private const int Kept = 50;

    private static readonly string[] Authors = ["Ada", "Barbara", "Edsger", "Grace", "Ken"];

    private readonly Lock _turn = new();
    private readonly Queue<Message> _newest = new(Enumerable.Range(1, Kept).Select(Seed));

    public event Action<Message>? MessageReceived;

    /// <summary>The last 50, the oldest first.</summary>
    public List<Message> Newest
    {
        get
        {
            lock (_turn)
                return [.. _newest];
        }
    }

    public Message Send(string author, string text)
    {
        var message = new Message(author, text, DateTime.Now);
        lock (_turn)
        {
            _newest.Enqueue(message);
            _newest.Dequeue();
        }

        MessageReceived?.Invoke(message);
        return message;
    }

    private static Message Seed(int number) => new(Authors[number % Authors.Length], $"Message {number:00} of those that were here when the page was opened", DateTime.Now);
}
