namespace BlazorTutorial;

public sealed record Message(string Author, string Text, DateTime Time);
